import { ed25519 } from '@noble/curves/ed25519.js'
import { sha224, sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { describe, expect, test } from 'vitest'
import { Principal, toHex } from '@tidemark/types'
import {
  CertificationError,
  createBlsKey,
  createCertificate,
  createCertifier,
  createNodeKey,
  decodeCertificate,
  decodePublicKeyDer,
  type Delegation,
  derCanisterKey,
  encodeCanisterRanges,
  encodeCanisterSignature,
  encodeUnsignedLeb128,
  type LabeledTree,
  leaf,
  lookup,
  node,
  rootDigestMessage,
  separator,
  text,
  verifyBls,
  verifyCanisterSignature,
  verifyCertificate,
  witness,
} from '../src/index.ts'

const rootKey = createBlsKey(text('root'))
const subnetKey = createBlsKey(text('subnet'))
const otherKey = createBlsKey(text('other'))
const rootSubnetId = Principal.selfAuthenticating(sha224(rootKey.publicKeyDer))
const subnetId = Principal.selfAuthenticating(sha224(subnetKey.publicKeyDer))
const inside = Principal.canister(5n)
const outside = Principal.canister(50n)
const ranges = encodeCanisterRanges([{ start: Principal.canister(0n), end: Principal.canister(9n) }])

const time = (nanos: bigint): readonly [Uint8Array, LabeledTree] => [text('time'), leaf(encodeUnsignedLeb128(nanos))]
const state = node([time(7n), [text('canister'), node([[inside.bytes, node([[text('module_hash'), leaf(text('hash'))]])]])]])
const all = (tree: LabeledTree) => witness(tree, [[]])

/** The root subnet's word about the other subnet, with ranges in the given form. */
function delegate(form: 'flat' | 'sharded' | 'none', type = 'application', key = rootKey): Delegation {
  const flat = form === 'flat' ? [[text('canister_ranges'), leaf(ranges)] as const] : []
  const about = node([[text('public_key'), leaf(subnetKey.publicKeyDer)], [text('type'), leaf(text(type))], ...flat])
  const shards =
    form === 'sharded'
      ? [[text('canister_ranges'), node([[subnetId.bytes, node([[Principal.canister(0n).bytes, leaf(ranges)]])]])] as const]
      : []
  const tree = node([time(5n), [text('subnet'), node([[subnetId.bytes, about]])], ...shards])
  return { subnetId: subnetId.bytes, certificate: createCertificate({ witness: all(tree), key: rootKey === key ? rootKey : key }) }
}

describe('BLS keys', () => {
  test('have the DER form of the specification and depend on the seed alone', () => {
    expect(rootKey.publicKeyDer).toHaveLength(133)
    expect(toHex(rootKey.publicKeyDer.slice(0, 37))).toBe('308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c05030201036100')
    expect(decodePublicKeyDer(rootKey.publicKeyDer)).toMatchObject({
      algorithm: '1.3.6.1.4.1.44668.5.3.1.2.1',
      parameters: '1.3.6.1.4.1.44668.5.3.2.1',
    })
    expect(createBlsKey(text('root')).publicKeyDer).toEqual(rootKey.publicKeyDer)
  })

  test('sign with 48 bytes that only the key and the message verify', () => {
    const signature = rootKey.sign(text('message'))
    expect(signature).toHaveLength(48)
    expect(verifyBls(rootKey.publicKeyDer, signature, text('message'))).toBe(true)
    expect(verifyBls(rootKey.publicKeyDer, signature, text('another'))).toBe(false)
    expect(verifyBls(otherKey.publicKeyDer, signature, text('message'))).toBe(false)
    expect(verifyBls(rootKey.publicKeyDer, signature.slice(1), text('message'))).toBe(false)
    expect(verifyBls(signature, signature, text('message'))).toBe(false)
  })

  test('sign the root digest behind its separator', () => {
    expect(toHex(rootDigestMessage(Uint8Array.of(1, 2)))).toBe(`0d${toHex(text('ic-state-root'))}0102`)
  })
})

describe('node keys', () => {
  test('are Ed25519 in 44 bytes of DER', () => {
    const key = createNodeKey(text('node'))
    expect(key.publicKeyDer).toHaveLength(44)
    expect(decodePublicKeyDer(key.publicKeyDer).algorithm).toBe('1.3.101.112')
    expect(createNodeKey(text('node')).publicKeyDer).toEqual(key.publicKeyDer)
  })

  test('sign as RFC 8032 has it', () => {
    const secret = sha256(concatBytes(separator('tidemark-node-key'), text('node')))
    const key = createNodeKey(text('node'))
    for (const message of ['', 'm', 'a longer message '.repeat(100)])
      expect(key.sign(text(message))).toEqual(ed25519.sign(text(message), secret))
  })
})

describe('a certificate of the root subnet', () => {
  const certificate = createCertificate({
    witness: witness(state, [[text('time')], [text('canister'), inside.bytes, text('module_hash')]]),
    key: rootKey,
  })

  test('is self-described CBOR and verifies for any canister', () => {
    expect(toHex(certificate.slice(0, 3))).toBe('d9d9f7')
    const verified = verifyCertificate({ certificate, rootKey: rootKey.publicKeyDer, scope: { canisterId: outside } })
    expect(verified.timeNanos).toBe(7n)
    expect(verified.subnetId.key).toBe(rootSubnetId.key)
    expect(lookup([text('canister'), inside.bytes, text('module_hash')], verified.tree)).toEqual({ status: 'found', value: text('hash') })
  })

  test('is refused after a change of any of its bytes', () => {
    // Every byte of the signature costs a pairing: steps of a prime length meet tree, labels, digests and signature alike.
    for (let i = 0; i < certificate.length; i += 23) {
      const changed = certificate.slice()
      changed[i] = (changed[i] as number) ^ 1
      expect(() => verifyCertificate({ certificate: changed, rootKey: rootKey.publicKeyDer }), `byte ${i}`).toThrow(CertificationError)
    }
  })

  test('is refused under another key, for another subnet, and without the time', () => {
    expect(() => verifyCertificate({ certificate, rootKey: otherKey.publicKeyDer })).toThrow('signature does not verify')
    expect(() => verifyCertificate({ certificate, rootKey: rootKey.publicKeyDer, scope: { subnetId } })).toThrow('may not speak')
    const timeless = createCertificate({ witness: witness(state, [[text('canister')]]), key: rootKey })
    expect(() => verifyCertificate({ certificate: timeless, rootKey: rootKey.publicKeyDer })).toThrow('does not show the time')
  })
})

describe('a certificate with a delegation', () => {
  const certify = (delegation: Delegation) => createCertificate({ witness: all(state), key: subnetKey, delegation })
  const verify = (certificate: Uint8Array, canisterId: Principal) =>
    verifyCertificate({ certificate, rootKey: rootKey.publicKeyDer, scope: { canisterId } })

  test.each(['flat', 'sharded'] as const)('verifies for canisters in the ranges (%s form) and no others', (form) => {
    expect(verify(certify(delegate(form)), inside).subnetId.key).toBe(subnetId.key)
    expect(() => verify(certify(delegate(form)), outside)).toThrow('may not speak')
  })

  test('is refused when the delegation shows no ranges, has another signer, or is delegated itself', () => {
    expect(() => verify(certify(delegate('none')), inside)).toThrow('may not speak')
    expect(() => verify(certify(delegate('flat', 'application', otherKey)), inside)).toThrow('signature does not verify')
    const twice = { subnetId: subnetId.bytes, certificate: certify(delegate('flat')) }
    expect(() => verify(certify(twice), inside)).toThrow('must not be delegated')
  })

  test('keeps the delegation through CBOR', () => {
    const delegation = delegate('flat')
    expect(decodeCertificate(certify(delegation)).delegation).toEqual(delegation)
  })
})

describe('a certifier', () => {
  test('signs once per state, however many certificates are asked for', () => {
    let signatures = 0
    const certify = createCertifier({
      key: { publicKeyDer: rootKey.publicKeyDer, sign: (message) => (signatures++, rootKey.sign(message)) },
    })
    certify(state, [[text('time')]])
    const second = certify(state, [[text('time')], [text('missing')]])
    expect(signatures).toBe(1)
    expect(verifyCertificate({ certificate: second, rootKey: rootKey.publicKeyDer }).timeNanos).toBe(7n)
    certify(state.set(...time(8n)), [[text('time')]])
    expect(signatures).toBe(2)
  })
})

describe('a canister signature', () => {
  const seed = text('seed')
  const payload = text('payload')
  const publicKeyDer = derCanisterKey({ canisterId: inside, seed })
  const signatures = node([[text('sig'), node([[sha256(seed), node([[sha256(payload), leaf(text(''))]])]])]])
  const signed = (certified: Uint8Array) =>
    node([time(9n), [text('canister'), node([[inside.bytes, node([[text('certified_data'), leaf(certified)]])]])]])
  const sign = (parts: { delegation?: Delegation; certified?: Uint8Array } = {}) =>
    encodeCanisterSignature({
      certificate: createCertificate({
        witness: all(signed(parts.certified ?? signatures.digest)),
        key: parts.delegation ? subnetKey : rootKey,
        ...(parts.delegation && { delegation: parts.delegation }),
      }),
      tree: witness(signatures, [[text('sig')]]),
    })
  const verify = (signature: Uint8Array, message = payload, key = publicKeyDer) =>
    verifyCanisterSignature({ publicKeyDer: key, signature, payload: message, rootKey: rootKey.publicKeyDer })

  test('verifies for its message, key and canister only', () => {
    const signature = sign()
    expect(() => verify(signature)).not.toThrow()
    expect(() => verify(signature, text('another'))).toThrow('did not sign this message')
    expect(() => verify(signature, payload, derCanisterKey({ canisterId: inside, seed: text('another') }))).toThrow(
      'did not sign this message',
    )
    expect(() => verify(signature, payload, derCanisterKey({ canisterId: outside, seed }))).toThrow(
      'not the one that the canister certified',
    )
  })

  test('is refused when the canister certified something else, or the bytes are none', () => {
    expect(() => verify(sign({ certified: sha256(payload) }))).toThrow('not the one that the canister certified')
    expect(() => verify(text('nonsense'))).toThrow(CertificationError)
  })

  test('counts from a delegated subnet, but not from a rented one', () => {
    expect(() => verify(sign({ delegation: delegate('flat') }))).not.toThrow()
    expect(() => verify(sign({ delegation: delegate('flat', 'cloud_engine') }))).toThrow('of this subnet cannot sign')
  })
})
