import { bls12_381 } from '@noble/curves/bls12-381.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToNumberBE } from '@noble/curves/utils.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { toHex } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import { candid, expectNumber, network, program, universalCanister } from '../../../../tests/support/index.ts'
import { ask, refusal, relay } from './support/relay.ts'

const wasm = universalCanister()
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const plenty = 100_000_000_000n
const names = ['key_1', 'test_key_1', 'dfx_test_key']
const fees = new Map([
  ['key_1', 26_153_846_153n],
  ['test_key_1', 10_000_000_000n],
  ['dfx_test_key', 10_000_000_000n],
])
const path = [utf8('a'), new Uint8Array(0), utf8('a longer step than four bytes')]

const ecdsa = (name: string) => ({ curve: { secp256k1: null }, name })
const bip340 = (name: string) => ({ algorithm: { bip340secp256k1: null }, name })
const edwards = (name: string) => ({ algorithm: { ed25519: null }, name })
const vetkd = (name: string) => ({ curve: { bls12_381_g2: null }, name })

const setUp = (seed = 0) => {
  const net = network({ seed: new Uint8Array(32).fill(seed) })
  return { net, canister: net.install(wasm), other: net.install(wasm) }
}

describe('ECDSA', () => {
  test.each(names)('a signature with %s verifies under the public key', (name) => {
    const { net, canister } = setUp()
    const message_hash = sha256(utf8('pay'))
    const { public_key, chain_code } = ask(net, canister, 'ecdsa_public_key', {
      canister_id: [],
      derivation_path: path,
      key_id: ecdsa(name),
    })
    const { signature } = ask(net, canister, 'sign_with_ecdsa', { message_hash, derivation_path: path, key_id: ecdsa(name) }, plenty)
    expect([public_key.length, chain_code.length, signature.length]).toEqual([33, 32, 64])
    expect(secp256k1.verify(signature, message_hash, public_key, { prehash: false })).toBe(true)
    expect(secp256k1.verify(signature, sha256(utf8('pay more')), public_key, { prehash: false })).toBe(false)
  })
})

describe('Schnorr', () => {
  const message = utf8('a message of any length')

  test.each(names)('BIP 340 with %s', (name) => {
    const { net, canister } = setUp()
    const key_id = bip340(name)
    const { public_key } = ask(net, canister, 'schnorr_public_key', { canister_id: [], derivation_path: path, key_id })
    const { signature } = ask(net, canister, 'sign_with_schnorr', { message, derivation_path: path, key_id, aux: [] }, plenty)
    expect([public_key.length, signature.length]).toEqual([33, 64])
    expect(schnorr.verify(signature, message, public_key.subarray(1))).toBe(true)
  })
  test.each([0, 32])('BIP 341 with a root of %i bytes signs for the output key', (length) => {
    const { net, canister } = setUp()
    const key_id = bip340('key_1')
    const merkle_root_hash = new Uint8Array(length).fill(7)
    // Ways of one step, so that public keys of both signs come up.
    for (const step of ['0', '1', '2', '3']) {
      const derivation_path = [utf8(step)]
      const internal = ask(net, canister, 'schnorr_public_key', { canister_id: [], derivation_path, key_id }).public_key.subarray(1)
      const aux = { bip341: { merkle_root_hash } }
      const { signature } = ask(net, canister, 'sign_with_schnorr', { message, derivation_path, key_id, aux: [aux] }, plenty)
      const tweak = bytesToNumberBE(schnorr.utils.taggedHash('TapTweak', internal, merkle_root_hash))
      const output = schnorr.utils.lift_x(bytesToNumberBE(internal)).add(schnorr.Point.BASE.multiply(tweak))
      expect(schnorr.verify(signature, message, schnorr.utils.pointToBytes(output))).toBe(true)
      expect(schnorr.verify(signature, message, internal)).toBe(false)
    }
  })
  test.each(names)('Ed25519 with %s', (name) => {
    const { net, canister } = setUp()
    const key_id = edwards(name)
    const { public_key } = ask(net, canister, 'schnorr_public_key', { canister_id: [], derivation_path: path, key_id })
    const { signature } = ask(net, canister, 'sign_with_schnorr', { message, derivation_path: path, key_id, aux: [] }, plenty)
    expect([public_key.length, signature.length]).toEqual([32, 64])
    expect(ed25519.verify(signature, message, public_key)).toBe(true)
    expect(ed25519.verify(signature, utf8('another'), public_key)).toBe(false)
  })
})

describe('vetKD', () => {
  const { G1, G2, shortSignatures, pairing, fields } = bls12_381
  const transportSecret = 123_456_789_012_345_678_901_234_567_890n
  const transport_public_key = G1.Point.BASE.multiply(transportSecret).toBytes()
  const input = utf8('whose key')

  test.each(['', 'a context'])('the decrypted key is a signature under the public key, context "%s"', (text) => {
    const { net, canister } = setUp()
    const context = utf8(text)
    const key_id = vetkd('key_1')
    const { public_key } = ask(net, canister, 'vetkd_public_key', { canister_id: [], context, key_id })
    const { encrypted_key } = ask(net, canister, 'vetkd_derive_key', { input, context, transport_public_key, key_id }, plenty)
    expect([public_key.length, encrypted_key.length]).toEqual([96, 192])
    const c1 = G1.Point.fromBytes(encrypted_key.slice(0, 48))
    const c2 = G2.Point.fromBytes(encrypted_key.slice(48, 144))
    const c3 = G1.Point.fromBytes(encrypted_key.slice(144))
    expect(fields.Fp12.eql(pairing(c1, G2.Point.BASE), pairing(G1.Point.BASE, c2))).toBe(true)
    const decrypted = c3.subtract(c1.multiply(transportSecret))
    const signed = (bytes: Uint8Array) =>
      shortSignatures.hash(concatBytes(public_key, bytes), 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_AUG_')
    const publicPoint = G2.Point.fromBytes(public_key)
    expect(shortSignatures.verify(decrypted, signed(input), publicPoint)).toBe(true)
    expect(shortSignatures.verify(decrypted, signed(utf8('another')), publicPoint)).toBe(false)
  })
  test.each([
    ['too short', new Uint8Array(47)],
    ['not a point', new Uint8Array(48).fill(1)],
  ])('a transport key that is none: %s', (_, bytes) => {
    const { net, canister } = setUp()
    const arg = { input, context: input, transport_public_key: bytes, key_id: vetkd('key_1') }
    expect(refusal(net, canister, 'vetkd_derive_key', arg, plenty)).toContain('The provided transport public key is invalid.')
  })
})

describe('whose keys', () => {
  const key_id = ecdsa('key_1')
  test('each canister has its own, and any canister may ask for the public ones', () => {
    const { net, canister, other } = setUp()
    const own = ask(net, canister, 'ecdsa_public_key', { canister_id: [], derivation_path: [], key_id })
    const others = ask(net, other, 'ecdsa_public_key', { canister_id: [], derivation_path: [], key_id })
    expect(others).not.toEqual(own)
    expect(ask(net, other, 'ecdsa_public_key', { canister_id: [candid(canister)], derivation_path: [], key_id })).toEqual(own)
  })
  test('keys of other names, algorithms and seeds have nothing in common', () => {
    const { net, canister } = setUp()
    const again = setUp()
    const seeded = setUp(1)
    const read = (at: typeof seeded, name: string) =>
      toHex(ask(at.net, at.canister, 'ecdsa_public_key', { canister_id: [], derivation_path: path, key_id: ecdsa(name) }).public_key)
    const here = { net, canister, other: canister }
    expect(new Set([...names.map((name) => read(here, name)), read(seeded, 'key_1')]).size).toBe(4)
    expect(read(again, 'key_1')).toBe(read(here, 'key_1'))
    const schnorrKey = ask(net, canister, 'schnorr_public_key', { canister_id: [], derivation_path: path, key_id: bip340('key_1') })
    expect(toHex(schnorrKey.public_key)).not.toBe(read(here, 'key_1'))
  })
})

describe('refusals', () => {
  const message_hash = new Uint8Array(32)
  const message = utf8('m')
  const known = ['ecdsa:Secp256k1', 'schnorr:Bip340Secp256k1', 'schnorr:Ed25519', 'vetkd:Bls12_381_G2']
    .flatMap((algorithm) => ['dfx_test_key', 'key_1', 'test_key_1'].map((name) => `${algorithm}:${name}`))
    .join(', ')
  const unroutable = (method: string, reason: string) => `Unable to route management canister request ${method}: ChainKeyError("${reason}")`

  test('an unknown key', () => {
    const { net, canister } = setUp()
    expect(refusal(net, canister, 'schnorr_public_key', { canister_id: [], derivation_path: [], key_id: edwards('mine') })).toContain(
      unroutable('schnorr_public_key', `Requested unknown threshold key: schnorr:Ed25519:mine, existing keys: [${known}]`),
    )
    expect(refusal(net, canister, 'sign_with_ecdsa', { message_hash, derivation_path: [], key_id: ecdsa('mine') }, plenty)).toContain(
      unroutable('sign_with_ecdsa', `Requested unknown or disabled threshold key: ecdsa:Secp256k1:mine, existing enabled keys: [${known}]`),
    )
  })
  test.each(names)('too few cycles for %s', (name) => {
    const { net, canister } = setUp()
    const fee = fees.get(name) as bigint
    const printed = (cycles: bigint) => cycles.toString().replace(/\B(?=(\d{3})+$)/g, '_')
    expect(refusal(net, canister, 'sign_with_ecdsa', { message_hash, derivation_path: [], key_id: ecdsa(name) }, fee - 1n)).toContain(
      `sign_with_ecdsa request sent with ${printed(fee - 1n)} cycles, but ${printed(fee)} cycles are required.`,
    )
  })
  test.each([0, 31, 33])('a digest of %i bytes', (length) => {
    const { net, canister } = setUp()
    const arg = { message_hash: new Uint8Array(length), derivation_path: [], key_id: ecdsa('key_1') }
    expect(refusal(net, canister, 'sign_with_ecdsa', arg, plenty)).toContain('message_hash must be 32 bytes long')
  })
  test('an empty message', () => {
    const { net, canister } = setUp()
    const arg = { message: new Uint8Array(0), derivation_path: [], key_id: edwards('key_1'), aux: [] } as const
    expect(refusal(net, canister, 'sign_with_schnorr', { ...arg, derivation_path: [], aux: [] }, plenty)).toContain(
      'An empty message cannot be signed',
    )
  })
  test('a path of 254 steps is the longest: the first of 255 is that of the canister', () => {
    const { net, canister } = setUp()
    const arg = (steps: number) => ({
      canister_id: [] as [],
      derivation_path: Array.from({ length: steps }, () => utf8('s')),
      key_id: ecdsa('key_1'),
    })
    expect(ask(net, canister, 'ecdsa_public_key', arg(254)).public_key).toHaveLength(33)
    expect(refusal(net, canister, 'ecdsa_public_key', arg(255))).toContain(
      'Deserialize error: The number of elements exceeds maximum allowed 254',
    )
  })
  test('nobody holds keys of the second curve of ECDSA, which is known all the same', () => {
    const { net, canister } = setUp()
    const key_id = { curve: { secp256r1: null }, name: 'key_1' }
    const sign = { message_hash: new Uint8Array(32), derivation_path: [], key_id }
    expect(refusal(net, canister, 'ecdsa_public_key', { canister_id: [], derivation_path: [], key_id })).toContain(
      'Requested unknown threshold key: ecdsa:Secp256r1:key_1, existing keys: [ecdsa:Secp256k1:dfx_test_key, ',
    )
    expect(refusal(net, canister, 'sign_with_ecdsa', sign, plenty)).toContain(
      'Requested unknown or disabled threshold key: ecdsa:Secp256r1:key_1, existing enabled keys: [',
    )
  })
  test.each([
    ['Invalid aux field for Bip340Secp256k1', bip340('key_1'), 31],
    ['Schnorr algorithm Ed25519 does not support aux input', edwards('key_1'), 32],
  ])('%s', (text, key_id, length) => {
    const { net, canister } = setUp()
    const aux = { bip341: { merkle_root_hash: new Uint8Array(length) } }
    expect(refusal(net, canister, 'sign_with_schnorr', { message, derivation_path: [], key_id, aux: [aux] }, plenty)).toContain(text)
  })
  test('more than 20 calls at once for one key', () => {
    const { net, canister } = setUp()
    const one = relay('sign_with_ecdsa', { message_hash, derivation_path: [], key_id: ecdsa('test_key_1') }, plenty)
    const other = relay('sign_with_ecdsa', { message_hash, derivation_path: [], key_id: ecdsa('key_1') }, plenty)
    const ids = [...Array.from({ length: 21 }, () => net.send(canister, one)), net.send(canister, other)]
    const outcomes = ids.map((id) => net.await(id))
    const refused = outcomes.filter((outcome) => outcome.kind === 'reject')
    expect(refused).toMatchObject([
      {
        reject: {
          message: expect.stringContaining('sign_with_ecdsa request failed: request queue for key ecdsa:Secp256k1:test_key_1 is full.'),
        },
      },
    ])
    expect(outcomes[20]).toBe(refused[0])
  })
})

/** Pushes the amount that a system call tells for a key of the first algorithm. */
const priceOf = (call: string, name: string) =>
  program().int(16).op('alloc').op('dup2').op('drop').blob(name).op('rot').int(0).op('swap').sys(call).op('drop')

describe('fees', () => {
  const message_hash = new Uint8Array(32)
  const calls = [
    ['sign_with_ecdsa', (name: string) => relay('sign_with_ecdsa', { message_hash, derivation_path: [], key_id: ecdsa(name) }, plenty)],
    [
      'sign_with_schnorr',
      (name: string) => relay('sign_with_schnorr', { message: message_hash, derivation_path: [], key_id: edwards(name), aux: [] }, plenty),
    ],
    [
      'vetkd_derive_key',
      (name: string) =>
        relay(
          'vetkd_derive_key',
          { input: message_hash, context: message_hash, transport_public_key: bls12_381.G1.Point.BASE.toBytes(), key_id: vetkd(name) },
          plenty,
        ),
    ],
  ] as const
  const rows = calls.flatMap(([method, build]) => names.map((name) => [method, name, build] as const))

  test.each(rows)(
    '%s with %s takes what the canister was told, in the round of the call, and answers in the next',
    (method, name, build) => {
      const { net, canister } = setUp()
      const told = expectNumber(net.update(canister, priceOf(`cost_${method}`, name).replyTop()))
      expect(told).toBe(fees.get(name))
      const burned = () => net.replica.cyclesLedger().burned
      const id = net.send(canister, build(name))
      const before = burned()
      net.tick()
      expect(burned() - before).toBeGreaterThanOrEqual(told)
      expect(net.status(id)?.status).toBe('processing')
      const { minted, held, burned: gone } = net.replica.cyclesLedger()
      expect(minted).toBe(held + gone)
      expect(net.replica.hasPendingWork()).toBe(true)
      net.tick()
      expect(net.status(id)?.status).toBe('replied')
      const after = net.replica.cyclesLedger()
      expect(after.minted).toBe(after.held + after.burned)
    },
  )
  test('what is left returns with the answer, all of it after a reject', () => {
    const { net, canister } = setUp()
    const refunded = (name: string, message: Uint8Array) => {
      const answer = program().amount('msg_cycles_refunded128').replyTop()
      const arg = { message_hash: message, derivation_path: [], key_id: ecdsa(name) }
      return expectNumber(net.update(canister, relay('sign_with_ecdsa', arg, plenty, answer, answer)))
    }
    expect(refunded('test_key_1', message_hash)).toBe(plenty - 10_000_000_000n)
    expect(refunded('key_1', message_hash)).toBe(plenty - 26_153_846_153n)
    expect(refunded('key_1', new Uint8Array(1))).toBe(plenty)
    expect(refunded('mine', message_hash)).toBe(plenty)
  })
})

describe('long paths', () => {
  const steps = Array.from({ length: 254 }, (_, n) => Uint8Array.of(n))

  test('take their share of a round: what does not fit waits for the next one', () => {
    const { net, canister } = setUp()
    const arg = { canister_id: [], derivation_path: steps, key_id: ecdsa('key_1') } as const
    const asked = Array.from({ length: 6 }, () => net.send(canister, relay('ecdsa_public_key', { ...arg, canister_id: [] })))
    const answered = () => asked.filter((id) => net.status(id)?.status === 'replied').length
    const progress: number[] = []
    while (answered() < asked.length) {
      net.tick()
      progress.push(answered())
    }
    expect(progress.length).toBeGreaterThan(1)
    // Two thousand million instructions, less what one call may use too much, at two million a step.
    for (const [round, count] of progress.entries()) expect(count - (progress[round - 1] ?? 0)).toBeLessThanOrEqual(5)
  })

  test('signatures, too, the oldest first', () => {
    const { net, canister } = setUp()
    const arg = { message_hash: sha256(utf8('pay')), derivation_path: steps, key_id: ecdsa('dfx_test_key') }
    const asked = Array.from({ length: 6 }, () => net.send(canister, relay('sign_with_ecdsa', arg, plenty)))
    net.tick()
    const answered = () => asked.map((id) => net.status(id)?.status === 'replied')
    net.tick()
    expect(answered()).toEqual([true, true, true, true, false, false])
    expect(net.replica.hasPendingWork()).toBe(true)
    net.tick()
    expect(answered().every(Boolean)).toBe(true)
  })
})
