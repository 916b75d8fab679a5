import { Principal as CandidPrincipal } from '@dfinity/principal'
import type { InternetIdentityService } from '@tidemark/bindings'
import { decodeCanisterKey, requestIdOf, text, verifyCanisterSignature } from '@tidemark/certification'
import { Principal, toHex } from '@tidemark/types'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { candid, Furnished, person, systemModules } from './support/furnished.ts'

const minute = 60_000_000_000n
const day = 1_440n * minute
const identityId = 'rdmx6-jaaaa-aaaaa-aaadq-cai'
const shop = 'https://shop.example'
const sessionKey = new Uint8Array(44).fill(5)

let modules: ReadonlyMap<string, Uint8Array>
let network: Furnished
/** The principal of a public key, DER. */
const principalOf = (key: Uint8Array) => Principal.fromBytes(CandidPrincipal.selfAuthenticating(key).toUint8Array())
const pass = (nanos: bigint) => network.replica.tick(network.replica.timeNanos() + nanos)
const identities = (who: Principal) => network.as<InternetIdentityService>(who, 'internet_identity')

/** A device's key, and who signs with it. */
function device(number: number) {
  const pubkey = new Uint8Array(44).fill(number)
  const data = {
    pubkey,
    alias: `device ${number}`,
    credential_id: [] as [] | [Uint8Array],
    aaguid: [] as [],
    purpose: { authentication: null },
    key_type: { browser_storage_key: null } as { browser_storage_key: null } | { seed_phrase: null },
    protection: { unprotected: null },
    origin: [] as [],
    metadata: [] as [],
  }
  return { data, owner: principalOf(pubkey), pubkey }
}

const alice = device(1)
const bob = device(2)

function solved(who: Principal, chars = 'a') {
  const { challenge_key } = identities(who).create_challenge()
  return { key: challenge_key, chars }
}

function register({ data, owner }: ReturnType<typeof device>): bigint {
  const response = identities(owner).register(data, solved(owner), [])
  if (!('registered' in response)) throw new Error(JSON.stringify(response))
  return response.registered.user_number
}

function delegate(number: bigint, frontend = shop, lifetime: [] | [bigint] = []) {
  const [userKey, expiration] = identities(alice.owner).prepare_delegation(number, frontend, sessionKey, lifetime)
  return { userKey: new Uint8Array(userKey), expiration }
}

const fetched = (number: bigint, expiration: bigint, frontend = shop) =>
  identities(alice.owner).get_delegation(number, frontend, sessionKey, expiration)

beforeAll(async () => {
  modules = await systemModules()
}, 120_000)

beforeEach(() => {
  network = new Furnished(modules)
})

describe('identities', () => {
  test('get numbers from 10000 on', () => {
    expect([register(alice), register(bob)]).toEqual([10_000n, 10_001n])
  })

  test('a number of choice is for whoever is first, and is passed over by those that are given out', () => {
    expect(identities(bob.owner).register_number(10_000n, bob.data)).toEqual({ registered: { user_number: 10_000n } })
    expect(identities(alice.owner).register_number(10_000n, alice.data)).toEqual({ canister_full: null })
    expect(register(alice)).toBe(10_001n)
  })

  test('nobody registers a key of somebody else, unless it is named as the temporary one', () => {
    expect(() => identities(bob.owner).register(alice.data, solved(bob.owner), [])).toThrow('could not be authenticated')
    expect(identities(bob.owner).register(alice.data, solved(bob.owner), [candid(bob.owner)])).toHaveProperty('registered')
  })

  test('a captcha is solved once, within five minutes, with the right letters', () => {
    const solution = solved(alice.owner)
    expect(identities(alice.owner).register(alice.data, solved(alice.owner, 'b'), [])).toEqual({ bad_challenge: null })
    expect(identities(alice.owner).register(alice.data, solution, [])).toHaveProperty('registered')
    expect(identities(alice.owner).register(alice.data, solution, [])).toEqual({ bad_challenge: null })
    const late = solved(bob.owner)
    pass(6n * minute)
    expect(identities(bob.owner).register(bob.data, late, [])).toEqual({ bad_challenge: null })
  })

  test('show their devices to everybody, and their names to themselves', () => {
    const number = register(alice)
    expect(identities(bob.owner).lookup(number)).toMatchObject([{ pubkey: alice.pubkey, alias: '' }])
    expect(identities(bob.owner).lookup(99n)).toEqual([])
    expect(identities(alice.owner).get_anchor_info(number)).toMatchObject({
      devices: [{ alias: 'device 1', last_usage: [expect.any(BigInt)] }],
      created_at: [expect.any(BigInt)],
    })
    expect(() => identities(bob.owner).get_anchor_info(number)).toThrow(`${bob.owner.toText()} could not be authenticated.`)
  })

  test('have devices added, changed, replaced and removed by any of their devices', () => {
    const number = register(alice)
    const passkey = { ...bob.data, credential_id: [Uint8Array.of(9)] as [Uint8Array] }
    identities(alice.owner).add(number, passkey)
    expect(() => identities(alice.owner).add(number, passkey)).toThrow('Device already added.')
    expect(identities(alice.owner).lookup_device_key(Uint8Array.of(9))).toEqual([{ pubkey: bob.pubkey, anchor_number: number }])
    expect(identities(alice.owner).get_anchor_credentials(number).credentials).toEqual([
      { credential_id: Uint8Array.of(9), pubkey: bob.pubkey },
    ])
    identities(bob.owner).update(number, alice.pubkey, { ...alice.data, alias: 'renamed' })
    expect(
      identities(bob.owner)
        .get_anchor_info(number)
        .devices.map(({ alias }) => alias),
    ).toEqual(['renamed', 'device 2'])
    const phrase = device(3)
    identities(bob.owner).replace(number, alice.pubkey, { ...phrase.data, key_type: { seed_phrase: null } })
    expect(identities(bob.owner).get_anchor_credentials(number).recovery_phrases).toEqual([phrase.pubkey])
    expect(() => identities(alice.owner).get_anchor_info(number)).toThrow('could not be authenticated')
    identities(phrase.owner).remove(number, bob.pubkey)
    expect(identities(phrase.owner).lookup(number)).toHaveLength(1)
  })
})

describe('delegations', () => {
  test('are signed by the canister, as everybody can check with the key of the network alone', () => {
    const number = register(alice)
    const { userKey, expiration } = delegate(number)
    const answer = fetched(number, expiration)
    if (!('signed_delegation' in answer)) throw new Error('no signature')
    const { delegation, signature } = answer.signed_delegation
    expect(delegation).toEqual({ pubkey: sessionKey, expiration, targets: [] })
    const hash = requestIdOf({ pubkey: sessionKey, expiration })
    const check = (payload: Uint8Array) =>
      verifyCanisterSignature({ publicKeyDer: userKey, signature: new Uint8Array(signature), payload, rootKey: network.replica.rootKey })
    const payload = new Uint8Array([...text('\x1Aic-request-auth-delegation'), ...hash])
    check(payload)
    payload[40] = (payload[40] ?? 0) ^ 1
    expect(() => check(payload)).toThrow()
  })

  test('are for one person at one application', () => {
    const [mine, other] = [register(alice), register(alice)]
    const keys = [delegate(mine), delegate(mine, 'https://other.example'), delegate(other)].map(({ userKey }) => userKey)
    expect(new Set(keys.map(toHex)).size).toBe(3)
    expect(toHex(delegate(mine).userKey)).toBe(toHex(keys[0] ?? new Uint8Array()))
    expect(decodeCanisterKey(keys[0] ?? new Uint8Array())).toMatchObject({
      seed: { length: 32 },
      canisterId: Principal.fromText(identityId),
    })
    expect(identities(alice.owner).get_principal(mine, shop).toText()).toBe(principalOf(keys[0] ?? new Uint8Array()).toText())
  })

  test('belong to this network: another gives other principals to the same person', () => {
    const before = delegate(register(alice)).userKey
    network = new Furnished(modules, new Uint8Array(32).fill(3))
    expect(delegate(register(alice)).userKey).not.toEqual(before)
  })

  test.each<[string, [] | [bigint], bigint]>([
    ['half an hour unless told otherwise', [], 30n * minute],
    ['as long as asked', [day], day],
    ['thirty days at most', [400n * day], 30n * day],
  ])('last %s', (_, asked, lifetime) => {
    const { expiration } = delegate(register(alice), shop, asked)
    const left = expiration - network.replica.timeNanos()
    expect(left).toBeLessThanOrEqual(lifetime)
    expect(left).toBeGreaterThan(lifetime - minute)
  })

  test('are there for a minute, and gone when the next one is signed after that', () => {
    const number = register(alice)
    const { expiration } = delegate(number)
    pass(59_000_000_000n)
    delegate(number, 'https://other.example')
    expect(fetched(number, expiration)).toHaveProperty('signed_delegation')
    pass(2_000_000_000n)
    const next = delegate(number, 'https://third.example')
    expect(fetched(number, expiration)).toEqual({ no_such_delegation: null })
    expect(fetched(number, next.expiration, 'https://third.example')).toHaveProperty('signed_delegation')
  })

  test.each<[string, (number: bigint) => unknown, string]>([
    [
      'an identity of somebody else',
      (number) => identities(bob.owner).prepare_delegation(number, shop, sessionKey, []),
      'could not be authenticated',
    ],
    [
      'an identity that is not there',
      () => identities(alice.owner).prepare_delegation(7n, shop, sessionKey, []),
      'could not be authenticated',
    ],
    [
      'a signature of somebody else',
      (number) => identities(bob.owner).get_delegation(number, shop, sessionKey, 1n),
      'could not be authenticated',
    ],
    [
      'too long a name of an application',
      (number) => delegate(number, 'x'.repeat(256)),
      'frontend hostname 256 exceeds the limit of 255 bytes',
    ],
  ])('are refused for %s', (_, ask, message) => {
    const number = register(alice)
    expect(() => ask(number)).toThrow(message)
  })

  test('nobody has a principal before the first identity', () => {
    expect(() => identities(person(9)).get_principal(10_000n, shop)).toThrow('could not be authenticated')
    identities(person(9)).init_salt()
    expect(identities(person(9)).whoami().toText()).toBe(person(9).toText())
  })
})
