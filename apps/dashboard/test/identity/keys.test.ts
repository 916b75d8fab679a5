import { IC_REQUEST_AUTH_DELEGATION_DOMAIN_SEPARATOR, requestIdOf } from '@dfinity/agent'
import { Ed25519KeyIdentity } from '@dfinity/identity'
import { describe, expect, test } from 'vitest'
import { cliAnswer, parseCliRequest, parseCliStatus } from '../../identity/src/cliLink.ts'
import { delegate, maxLifetimeNanos } from '../../identity/src/delegate.ts'
import { deriveKey, parseServerFacts, parseServerSeed } from '../../identity/src/derive.ts'
import { knownUserNumbers, nextUserNumber, parseUserNumber, rememberUserNumber } from '../../identity/src/users.ts'

const serverSeed = new Uint8Array(32).fill(7)
const derivationOrigin = 'http://localhost:4943'
const principalOf = async (change: Partial<Parameters<typeof deriveKey>[0]> = {}): Promise<string> =>
  (await deriveKey({ serverSeed, userNumber: 10_000, derivationOrigin, ...change })).getPrincipal().toText()

describe('keys', () => {
  test('the same person at the same application is the same principal, today and tomorrow', async () => {
    expect(await principalOf()).toBe('e5xj6-whlho-gbmhf-ocb7a-wdic7-5f77t-yy4sb-rjcdi-6nfz7-u5tov-eqe')
    expect(await principalOf()).toBe(await principalOf())
  })

  test.each([
    { name: 'another number', change: { userNumber: 10_001 } },
    { name: 'another application', change: { derivationOrigin: 'http://localhost:8000' } },
    { name: 'another network', change: { serverSeed: new Uint8Array(32).fill(8) } },
  ])('$name is another principal', async ({ change }) => {
    expect(await principalOf(change)).not.toBe(await principalOf())
  })

  test('the seed is 64 hexadecimal digits and nothing else', () => {
    expect(parseServerSeed({ seed: '0a'.repeat(32) })).toEqual(new Uint8Array(32).fill(10))
    for (const answer of [undefined, '0a'.repeat(32), {}, { seed: 7 }, { seed: '0a'.repeat(31) }])
      expect(() => parseServerSeed(answer)).toThrow('not served by a local Tidemark network')
  })
})

test('the network tells its time with the seed, or does not', () => {
  const seed = '0a'.repeat(32)
  expect(parseServerFacts({ seed, timeNanos: '1700000000123456789' }).timeMs).toBe(1_700_000_000_123)
  for (const answer of [{ seed }, { seed, timeNanos: 5 }, { seed, timeNanos: 'soon' }])
    expect(parseServerFacts(answer).timeMs).toBeUndefined()
})

describe('delegations', () => {
  const nowMs = 1_790_000_000_000
  const sessionKey = Ed25519KeyIdentity.generate(new Uint8Array(32).fill(1))
  const sessionPublicKey = new Uint8Array(sessionKey.getPublicKey().toDer())

  test.each([
    { name: 'as long as asked', lifetimeNanos: 60_000_000_000n, expiresMs: nowMs + 60_000 },
    { name: '30 days at most', lifetimeNanos: maxLifetimeNanos * 5n, expiresMs: nowMs + 30 * 86_400_000 },
  ])('hold $name', async ({ lifetimeNanos, expiresMs }) => {
    const key = await deriveKey({ serverSeed, userNumber: 10_000, derivationOrigin })
    const chain = await delegate(key, { sessionPublicKey, lifetimeNanos, nowMs })
    expect(chain.delegations.map(({ delegation }) => delegation.expiration)).toEqual([BigInt(expiresMs) * 1_000_000n])
  })

  test('are signed as the network verifies them', async () => {
    const key = await deriveKey({ serverSeed, userNumber: 10_000, derivationOrigin })
    const { delegations, publicKey } = await delegate(key, { sessionPublicKey, lifetimeNanos: 1_000_000n, nowMs })
    const [link] = delegations
    if (link === undefined) throw new Error('The chain is empty')
    const { pubkey, expiration } = link.delegation
    expect(new Uint8Array(publicKey)).toEqual(new Uint8Array(key.getPublicKey().toDer()))
    const message = new Uint8Array([...IC_REQUEST_AUTH_DELEGATION_DOMAIN_SEPARATOR, ...new Uint8Array(requestIdOf({ pubkey, expiration }))])
    expect(Ed25519KeyIdentity.verify(link.signature, message, key.getPublicKey().toRaw())).toBe(true)
  })
})

describe('user numbers', () => {
  const storage = (): Storage => {
    const values = new Map<string, string>()
    return {
      length: 0,
      clear: () => values.clear(),
      key: () => null,
      removeItem: (name) => void values.delete(name),
      getItem: (name) => values.get(name) ?? null,
      setItem: (name, value) => void values.set(name, value),
    }
  }

  test('start at 10000 and are remembered, the latest first', () => {
    const kept = storage()
    expect(nextUserNumber(knownUserNumbers(kept))).toBe(10_000)
    for (const userNumber of [10_000, 10_001, 10_000]) rememberUserNumber(kept, userNumber)
    expect(knownUserNumbers(kept)).toEqual([10_000, 10_001])
    expect(nextUserNumber(knownUserNumbers(kept))).toBe(10_002)
  })

  test.each([
    { text: '10000', userNumber: 10_000 },
    { text: '', userNumber: undefined },
    { text: null, userNumber: undefined },
    { text: '1e4', userNumber: undefined },
    { text: '-1', userNumber: undefined },
  ])('"$text" in an address is $userNumber', ({ text, userNumber }) => {
    expect(parseUserNumber(text)).toBe(userNumber)
  })
})

describe('linking a command', () => {
  const own = 'http://id.ai.localhost:4943'
  const fragment = (change: Record<string, string> = {}): string =>
    `#${new URLSearchParams({ public_key: 'AQL6', callback: 'http://127.0.0.1:5/', nonce: 'n', domain: 'app.example', ...change })}`

  test('reads what the command asks for', () => {
    expect(parseCliRequest(fragment(), own)).toEqual({
      sessionPublicKey: Uint8Array.of(1, 2, 250),
      callback: 'http://127.0.0.1:5/',
      nonce: 'n',
      derivationOrigin: 'https://app.example',
    })
    expect(parseCliRequest(fragment({ domain: '' }), own)).toMatchObject({ derivationOrigin: own })
  })

  test.each([
    { name: 'no key', change: { public_key: '' }, text: /no public key/ },
    { name: 'no callback', change: { callback: '' }, text: /no address/ },
    { name: 'a callback elsewhere', change: { callback: 'https://evil.example/' }, text: /another machine/ },
  ])('refuses $name', ({ change, text }) => {
    expect(parseCliRequest(fragment(change), own)).toMatch(text)
  })

  test('answers with the chain and the nonce', async () => {
    const request = parseCliRequest(fragment(), own)
    if (typeof request === 'string') throw new Error(request)
    const key = await deriveKey({ serverSeed, userNumber: 10_000, derivationOrigin: request.derivationOrigin })
    const chain = await delegate(key, { sessionPublicKey: request.sessionPublicKey, lifetimeNanos: 1_000_000n, nowMs: 0 })
    const { delegation, nonce } = cliAnswer(chain, request)
    expect(nonce).toBe('n')
    expect(JSON.parse(delegation ?? '')).toMatchObject({
      publicKey: expect.stringMatching(/^[0-9a-f]+$/),
      delegations: [{ delegation: { pubkey: '0102fa' } }],
    })
  })

  test.each(['success', 'error', 'identity-mismatch'])('tells the user how it ended: %s', (status) => {
    expect(parseCliStatus(`#status=${status}`)).toMatch(/\.$/)
  })

  test('a request is no end', () => {
    expect(parseCliStatus(fragment())).toBeUndefined()
  })
})
