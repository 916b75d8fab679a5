import { DelegationChain, Ed25519KeyIdentity } from '@dfinity/identity'
import { describe, expect, test } from 'vitest'
import { cliAnswer, parseCliRequest, parseCliStatus } from '../../identity/src/cliLink.ts'
import { forgetDevices, keepDevice, keptDevices, parseUserNumber, sharedDevice } from '../../identity/src/devices.ts'

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

  const device = (userNumber: number) => ({ userNumber, key: Ed25519KeyIdentity.generate(new Uint8Array(32).fill(userNumber % 256)) })
  const kept = (browser: Storage) => keptDevices(browser).map(({ userNumber, key }) => [userNumber, key.getPrincipal().toText()])

  test('are kept with their keys, the latest first, until they are forgotten', () => {
    const browser = storage()
    expect(keptDevices(browser)).toEqual([])
    for (const userNumber of [10_000, 10_001, 10_000]) keepDevice(browser, device(userNumber))
    const expected = [10_000, 10_001].map((userNumber) => [userNumber, device(userNumber).key.getPrincipal().toText()])
    expect(kept(browser)).toEqual(expected)
    forgetDevices(browser, [10_000, 10_007])
    expect(kept(browser)).toEqual(expected.slice(1))
  })

  test('at most twenty, and nothing that is no key', () => {
    const browser = storage()
    for (let userNumber = 10_000; userNumber < 10_030; userNumber++) keepDevice(browser, device(userNumber))
    expect(kept(browser)).toHaveLength(20)
    browser.setItem('tidemark-devices', `10000,10001:abc,${'9'.repeat(13)}:${'07'.repeat(32)}`)
    expect(keptDevices(browser)).toEqual([])
  })

  test('of unattended users have the same key in every browser', async () => {
    const principal = async (userNumber: number) => (await sharedDevice(userNumber)).key.getPrincipal().toText()
    expect(await principal(10_005)).toBe(await principal(10_005))
    expect(await principal(10_005)).not.toBe(await principal(10_006))
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
    const key = Ed25519KeyIdentity.generate()
    const sessionKey = { toDer: () => request.sessionPublicKey, derKey: request.sessionPublicKey }
    const chain = await DelegationChain.create(key, sessionKey, new Date(1))
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
