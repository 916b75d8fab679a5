import { ed25519 } from '@noble/curves/ed25519.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { fromHex, Principal, toHex } from '@tidemark/types'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deriveEd25519, deriveSecp256k1, masterChainCode } from '../../src/chainKeys/derivation.ts'
import { deriveVetKey } from '../../src/chainKeys/vetKeyDerivation.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const paths = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 })

describe('secp256k1', () => {
  test('indexes of four bytes are those of BIP 32: its second test vector, m/0', () => {
    const master = secp256k1.getPublicKey(fromHex('4b03d6fc340455b363f51020ad3ecca4f0850280cf436c70c727923f6db46c3e'))
    const chainCode = fromHex('60499f801b896d83179a4374aeb7822aaeaceaa0db1f85ee3e904c4defbd9689')
    const child = deriveSecp256k1(master, chainCode, [new Uint8Array(4)])
    expect(toHex(child.publicKey)).toBe('02fc9e5af0ac8d9b3cecfe2a888e2117ba3d089d8585886c9c826b6b22a98d12ea')
    expect(toHex(child.chainCode)).toBe('f0909affaa7ee7abe5dd4e100598d4dc53cd709d5a5c2cac40e7412f232f7c9c')
  })
  test('a path can be walked in parts, and the offset leads from secret to secret', () => {
    const { Fn } = secp256k1.Point
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: Fn.ORDER - 1n }), paths, paths, (secret, upper, lower) => {
        const master = secp256k1.getPublicKey(Fn.toBytes(secret))
        const whole = deriveSecp256k1(master, masterChainCode, [...upper, ...lower])
        const middle = deriveSecp256k1(master, masterChainCode, upper)
        const end = deriveSecp256k1(middle.publicKey, middle.chainCode, lower)
        expect(end.publicKey).toEqual(whole.publicKey)
        expect(end.chainCode).toEqual(whole.chainCode)
        expect(secp256k1.getPublicKey(Fn.toBytes(Fn.add(secret, whole.offset)))).toEqual(whole.publicKey)
      }),
      { seed: 1, numRuns: 20 },
    )
  })
})

describe('Ed25519', () => {
  // Public keys that canisters of the public network were given.
  test.each([
    [
      'key_1',
      '476374d9df3a8af28d3164dc2422cff894482eadd1295290b6d9ad92b2eeaa5c',
      [fromHex('abcdef'), fromHex('012345')],
      '43f0008b26564b6da51f585ad47669dfeb1db6d94d7dd216bd304fc1f5f5e997',
    ],
    [
      'test_key_1',
      '6c0824beb37621bcca6eecc237ed1bc4e64c9c59dcb85344aa7f9cc8278ee31f',
      [utf8('Hello'), utf8('Threshold'), utf8('Signatures')],
      'd9a2ce6a3cd33fe16dce37e045609e51ff516e93bb51013823d6d7a915e3cfb9',
    ],
  ])('%s of the public network', (_, master, path, expected) => {
    const canisterId = Principal.fromText('h5jwf-5iaaa-aaaan-qmvoa-cai')
    const derived = deriveEd25519(fromHex(master), masterChainCode, [canisterId.bytes, ...path])
    expect(toHex(derived.publicKey)).toBe(expected)
  })
  test('the offset leads from secret to secret', () => {
    const { BASE, Fn } = ed25519.Point
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: Fn.ORDER - 1n }), paths, (secret, path) => {
        const derived = deriveEd25519(BASE.multiply(secret).toBytes(), masterChainCode, path)
        expect(BASE.multiply(Fn.add(secret, derived.offset)).toBytes()).toEqual(derived.publicKey)
      }),
      { seed: 1, numRuns: 20 },
    )
  })
})

describe('vetKD', () => {
  const master = fromHex(
    'ad86e8ff845912f022a0838a502d763fdea547c9948f8cb20ea7738dd52c1c38dcb4c6ca9ac29f9ac690fc5ad7681cb41922b8dffbd65d94bff141f5fb5b6624eccc03bf850f222052df888cf9b1e47203556d7522271cbb879b2ef4b8c2bfb1',
  )
  // test_key_1 of the public network, without and with a context.
  test.each([
    [
      '',
      '8b961f06d392367e84136088971c4808b434e5d6b928b60fa6177f811db9930e4f2a911ef517db40f7e7897588ae0e2316500dbef3abf08ad7f63940af0cf816c2c1c234943c9bb6f4d53da121dceed093d118d0bd5552740da315eac3b59b0f',
    ],
    [
      'context-string',
      '958a2700438db39cf848f99c80d4d1c0f42b5e6783c35abffe5acda4fdb09548a025fdf85aad8980fcf6e20c1082596310c2612a3f3034c56445ddfc32a0c3cd34a7d0fea8df06a2996c54e21e3f8361a6e633d706ff58e979858fe436c7edf3',
    ],
  ])('the key of the context "%s"', (context, expected) => {
    expect(toHex(deriveVetKey(master, fromHex('0000000000c0a0d00101'), utf8(context)).publicKey)).toBe(expected)
  })
})
