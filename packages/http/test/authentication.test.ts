import { concatBytes } from '@noble/hashes/utils.js'
import { requestIdOf, separator, text } from '@tidemark/certification'
import { Principal } from '@tidemark/types'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { contentOf, type Delegation, fieldsOfAnswer, type RequestParts, send } from './support/envelopes.ts'
import { greeterId, startNetwork, type TestNetwork } from './support/network.ts'
import {
  canisterSigner,
  compressedP256Signer,
  ed25519Signer,
  p256Signer,
  rsaSigner,
  secp256k1Signer,
  type Signer,
  webAuthnSigner,
} from './support/signers.ts'

let network: TestNetwork
beforeEach(() => {
  network = startNetwork()
})
afterEach(() => network.stop())

const signing = Principal.canister(9n)
const users: [scheme: string, create: () => Promise<Signer>][] = [
  ['Ed25519', async () => ed25519Signer()],
  ['ECDSA P-256', async () => p256Signer()],
  ['ECDSA secp256k1', async () => secp256k1Signer({ lowS: true })],
  ['ECDSA secp256k1 with the greater s', async () => secp256k1Signer({ lowS: false })],
  ['WebAuthn ES256', () => webAuthnSigner('ES256')],
  ['WebAuthn EdDSA', () => webAuthnSigner('EdDSA')],
  ['WebAuthn RS256', () => webAuthnSigner('RS256')],
  [
    'a canister signature',
    async () => {
      network.replica.canisters.set(signing.key, {})
      return canisterSigner(network.replica, signing)
    },
  ],
]

describe.each(users)('%s', (_, create) => {
  test('signs calls, queries and reads', async () => {
    const signer = await create()
    for (const type of ['call', 'query', 'read_state'] as const) {
      const response = await send(network, { signer, type })
      expect(response.status, await response.clone().text()).toBe(200)
    }
    expect(network.replica.admitted[0]?.sender.key).toBe(signer.principal.key)
  })

  test('delegates and is delegated to', async () => {
    const user = await create()
    const session = ed25519Signer('session')
    expect((await send(network, { delegations: [{ from: user, to: session }] })).status).toBe(200)
    expect((await send(network, { delegations: [{ from: session, to: user }] })).status).toBe(200)
  })

  test('counts for nothing over another message', async () => {
    const signer = await create()
    const forger: Signer = { ...signer, sign: (payload) => signer.sign(concatBytes(payload, text('!'))) }
    const response = await send(network, { signer: forger })
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringMatching(/^Invalid signature: Invalid (basic|webauthn|canister) signature/),
    ])
  })
})

test('a canister signature that verified before counts again, but for nothing else', async () => {
  network.replica.canisters.set(signing.key, {})
  const user = canisterSigner(network.replica, signing)
  let first: Promise<Uint8Array> | undefined
  const sparing: Signer = { ...user, sign: (payload) => (first ??= user.sign(payload)) }
  const expiration = network.replica.timeNanos() + 60_000_000_000n
  const delegate = (permissions?: string): RequestParts => ({
    delegations: [{ from: sparing, to: ed25519Signer('session'), expiration, ...(permissions !== undefined && { permissions }) }],
  })
  expect((await send(network, delegate())).status).toBe(200)
  expect((await send(network, delegate())).status).toBe(200)
  const response = await send(network, delegate('all'))
  expect([response.status, await response.text()]).toEqual([400, expect.stringMatching(/^Invalid delegation: Invalid canister signature/)])
})

describe('keys that nobody may sign with', () => {
  test.each<[string, () => Promise<Signer>, RegExp]>([
    [
      'plain RSA',
      async () => rsaSigner(),
      /^Invalid signature: Invalid public key: unsupported public key algorithm 1\.2\.840\.113549\.1\.1\.1/,
    ],
    [
      'a compressed point',
      async () => compressedP256Signer(),
      /^Invalid signature: Invalid public key: an ECDSA key must be an uncompressed point/,
    ],
    [
      'a passkey that signed another challenge',
      () => webAuthnSigner('ES256', () => text('another')),
      /Invalid webauthn signature: the challenge/,
    ],
  ])('%s', async (_, create, message) => {
    const response = await send(network, { signer: await create() })
    expect(await response.text()).toMatch(message)
    expect(response.status).toBe(400)
  })
})

describe('delegations', () => {
  const user = ed25519Signer()
  const keys = Array.from({ length: 22 }, (_, i) => ed25519Signer(`key ${i}`))
  const chain = (length: number): Delegation[] =>
    Array.from({ length }, (_, i) => ({ from: i === 0 ? user : (keys[i - 1] as Signer), to: keys[i] as Signer }))
  const one = (more: Partial<Delegation>): RequestParts => ({ delegations: [{ from: user, to: keys[0] as Signer, ...more }] })
  const two = (first: Partial<Delegation>, second: Partial<Delegation>): RequestParts => ({
    delegations: [
      { from: user, to: keys[0] as Signer, ...first },
      { from: keys[0] as Signer, to: keys[1] as Signer, ...second },
    ],
  })
  const other = Principal.canister(8n)

  test.each<[string, RequestParts, number, RegExp?]>([
    ['a chain of 20', { delegations: chain(20) }, 200],
    [
      'a chain of 21',
      { delegations: chain(21) },
      400,
      /^Invalid delegation: Chain of delegations is too long: got 21 delegations, but at most 20/,
    ],
    ['back to the first key', { delegations: [...chain(1), { from: keys[0] as Signer, to: user }] }, 400, /contains at least one cycle/],
    ['1,000 targets', one({ targets: [greeterId, ...Array.from({ length: 999 }, (_, i) => Principal.canister(BigInt(i)))] }), 200],
    [
      '1,001 targets',
      one({ targets: Array.from({ length: 1_001 }, () => greeterId) }),
      400,
      /expected at most 1000 targets per delegation, but got 1001/,
    ],
    ['the target', one({ targets: [other, greeterId] }), 200],
    ['another target', one({ targets: [other] }), 400, /Canister rdmx6-jaaaa-aaaaa-aaadq-cai is not one of the delegation targets/],
    ['no target', one({ targets: [] }), 400, /not one of the delegation targets/],
    ['targets that have the canister in common', two({ targets: [greeterId, other] }, { targets: [greeterId] }), 200],
    [
      'targets that have another in common',
      two({ targets: [greeterId, other] }, { targets: [other] }),
      400,
      /not one of the delegation targets/,
    ],
    ['expired', one({ expiration: 1n }), 400, /^Invalid delegation expiry: Specified sender delegation has expired/],
    ['one of two expired', two({}, { expiration: 1n }), 400, /^Invalid delegation expiry/],
    ['made by another key', two({}, { from: keys[5] as Signer }), 400, /^Invalid delegation: Invalid basic signature/],
    ['all permissions', one({ permissions: 'all' }), 200],
    ['permission for queries', one({ permissions: 'queries' }), 400, /permits queries only/],
    ['permission for queries after one for all', two({ permissions: 'all' }, { permissions: 'queries' }), 400, /permits queries only/],
    ['an unknown permission', one({ permissions: 'some' }), 400, /unknown permissions "some"/],
  ])('%s', async (_, parts, status, message = /^/) => {
    const response = await send(network, parts)
    expect(await response.clone().text()).toMatch(message)
    expect(response.status).toBe(status)
  })

  test('with permission for queries allow queries and reads', async () => {
    expect((await send(network, { ...one({ permissions: 'queries' }), type: 'query' })).status).toBe(200)
    expect((await send(network, { ...one({ permissions: 'queries' }), type: 'read_state' })).status).toBe(200)
    expect((await send(network, { ...one({ permissions: 'some' }), type: 'query' })).status).toBe(400)
  })

  test('with targets read the status of calls to those targets only', async () => {
    const call: RequestParts = {
      signer: user,
      content: { nonce: text('n'), ingress_expiry: network.replica.timeNanos() + 60_000_000_000n },
    }
    const paths = [[text('request_status'), requestIdOf(contentOf(network, call))]]
    expect((await send(network, call)).status).toBe(200)
    expect((await send(network, { ...one({ targets: [greeterId] }), type: 'read_state', content: { paths } })).status).toBe(200)
    const refused = await send(network, { ...one({ targets: [other] }), type: 'read_state', content: { paths } })
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringMatching('not belonging to sender delegation targets')])
  })
})

describe('sender info', () => {
  const info = text('email verified')
  const withInfo = async (signer: Signer, by: Principal, sign = signer): Promise<RequestParts> => {
    const sig = await sign.sign(concatBytes(separator('ic-sender-info'), info))
    return { signer, content: { sender_info: { info, signer: by.bytes, sig } } }
  }

  test('comes to the canister when the canister that authenticates the user signed it', async () => {
    network.replica.canisters.set(signing.key, {})
    const user = canisterSigner(network.replica, signing)
    const response = await send(network, await withInfo(user, signing))
    expect(await fieldsOfAnswer(response)).toMatchObject({ status: 'replied' })
    expect(network.replica.admitted[0]?.senderInfo).toEqual({ info, signer: signing })
  })

  test('is refused from anyone else', async () => {
    network.replica.canisters.set(signing.key, {})
    const user = canisterSigner(network.replica, signing)
    const forged: Signer = { ...user, sign: (payload) => user.sign(concatBytes(payload, text('!'))) }
    expect((await send(network, await withInfo(user, greeterId))).status).toBe(400)
    expect((await send(network, await withInfo(user, signing, forged))).status).toBe(400)
    expect((await send(network, await withInfo(ed25519Signer(), signing))).status).toBe(400)
    expect(network.replica.admitted).toEqual([])
  })
})
