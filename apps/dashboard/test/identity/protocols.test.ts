import { describe, expect, test } from 'vitest'
import { toBase64 } from '../../identity/src/base64.ts'
import { readLegacyMessage } from '../../identity/src/legacyProtocol.ts'
import type { PendingSignIn, SignedChain } from '../../identity/src/request.ts'
import { readSignerMessage } from '../../identity/src/signerProtocol.ts'

const origin = 'http://app.localhost:4943'
const key = Uint8Array.of(1, 2, 250)
const chain: SignedChain = {
  userPublicKey: Uint8Array.of(9),
  links: [{ pubkey: key, expirationNanos: 1_700_000_000_000_000_001n, signature: Uint8Array.of(8, 255) }],
}

/** Reads one message and returns what is asked of the user and what was answered at once or later. */
const read = (reader: typeof readLegacyMessage, data: unknown) => {
  const answers: unknown[] = []
  const pending: PendingSignIn | undefined = reader(data, origin, (message, to) => {
    expect(to).toBe(origin)
    answers.push(message)
  })
  return { pending, answers }
}

describe('the window protocol of @dfinity/auth-client', () => {
  test('a request is answered with real bytes and real bigints', () => {
    const { pending, answers } = read(readLegacyMessage, { kind: 'authorize-client', sessionPublicKey: key, maxTimeToLive: 60n })
    expect(pending?.request).toEqual({ origin, derivationOrigin: origin, sessionPublicKey: key, lifetimeNanos: 60n })
    pending?.approve(chain)
    expect(answers).toEqual([
      {
        kind: 'authorize-client-success',
        delegations: [{ delegation: { pubkey: key, expiration: 1_700_000_000_000_000_001n }, signature: Uint8Array.of(8, 255) }],
        userPublicKey: Uint8Array.of(9),
        authnMethod: 'passkey',
      },
    ])
  })

  test('eight hours are granted to an application that names no lifetime', () => {
    expect(read(readLegacyMessage, { kind: 'authorize-client', sessionPublicKey: key }).pending?.request.lifetimeNanos).toBe(
      28_800_000_000_000n,
    )
  })

  test('another origin to derive from is taken over', () => {
    const data = { kind: 'authorize-client', sessionPublicKey: key, derivationOrigin: 'https://other.example' }
    expect(read(readLegacyMessage, data).pending?.request.derivationOrigin).toBe('https://other.example')
  })

  test('a refusal says why', () => {
    const { pending, answers } = read(readLegacyMessage, { kind: 'authorize-client', sessionPublicKey: key })
    pending?.refuse('The user cancelled.')
    expect(answers).toEqual([{ kind: 'authorize-client-failure', text: 'The user cancelled.' }])
  })

  test('a request without a key fails at once', () => {
    const { pending, answers } = read(readLegacyMessage, { kind: 'authorize-client', sessionPublicKey: 'text' })
    expect(pending).toBeUndefined()
    expect(answers).toEqual([{ kind: 'authorize-client-failure', text: 'The request has no session public key.' }])
  })

  test.each([undefined, null, 'authorize-client', 7, {}, { kind: 'other' }])('%j is none of its business', (data) => {
    expect(read(readLegacyMessage, data)).toEqual({ pending: undefined, answers: [] })
  })
})

describe('the signer protocol', () => {
  const call = (method: unknown, params?: unknown) => ({ jsonrpc: '2.0', id: 'a', method, params })

  test.each([
    { method: 'icrc29_status', result: 'ready' },
    { method: 'icrc25_permissions', result: { scopes: [{ scope: { method: 'icrc34_delegation' }, state: 'granted' }] } },
    { method: 'icrc25_request_permissions', result: { scopes: [{ scope: { method: 'icrc34_delegation' }, state: 'granted' }] } },
  ])('$method is answered without the user', ({ method, result }) => {
    expect(read(readSignerMessage, call(method))).toEqual({ pending: undefined, answers: [{ jsonrpc: '2.0', id: 'a', result }] })
  })

  test('it says which standards it speaks', () => {
    const [answer] = read(readSignerMessage, call('icrc25_supported_standards')).answers
    const names = JSON.stringify(answer).match(/ICRC-\d+(?=","url)/g)
    expect(names).toEqual(['ICRC-25', 'ICRC-29', 'ICRC-34', 'ICRC-95'])
  })

  test.each(['icrc27_accounts', 'icrc49_call_canister', 'toString', ''])('"%s" is a method it does not know', (method) => {
    expect(read(readSignerMessage, call(method)).answers).toEqual([
      { jsonrpc: '2.0', id: 'a', error: { code: -32_601, message: 'Method not found' } },
    ])
  })

  test('a delegation waits for the user, then crosses as text', () => {
    const params = { publicKey: toBase64(key), maxTimeToLive: '60', targets: ['aaaaa-aa'], icrc95DerivationOrigin: 'https://other.example' }
    const { pending, answers } = read(readSignerMessage, call('icrc34_delegation', params))
    expect(pending?.request).toEqual({
      origin,
      derivationOrigin: 'https://other.example',
      sessionPublicKey: key,
      lifetimeNanos: 60n,
      targets: ['aaaaa-aa'],
    })
    expect(answers).toEqual([])
    pending?.approve(chain)
    expect(answers).toEqual([
      {
        jsonrpc: '2.0',
        id: 'a',
        result: {
          publicKey: 'CQ==',
          signerDelegation: [{ delegation: { pubkey: 'AQL6', expiration: '1700000000000000001' }, signature: 'CP8=' }],
        },
      },
    ])
  })

  test('a cancelled delegation is an action that was aborted', () => {
    const { pending, answers } = read(readSignerMessage, call('icrc34_delegation', { publicKey: toBase64(key) }))
    pending?.refuse('The user cancelled.')
    expect(answers).toEqual([{ jsonrpc: '2.0', id: 'a', error: { code: 3_001, message: 'The user cancelled.' } }])
  })

  test.each([
    { name: 'no params', params: undefined },
    { name: 'an empty key', params: { publicKey: '' } },
    { name: 'a key that is not base64', params: { publicKey: '*' } },
    { name: 'a lifetime that is no decimal string', params: { publicKey: 'AQL6', maxTimeToLive: 60 } },
    { name: 'a target that is no principal', params: { publicKey: 'AQL6', targets: ['x'] } },
  ])('$name: invalid params', ({ params }) => {
    expect(read(readSignerMessage, call('icrc34_delegation', params)).answers).toEqual([
      { jsonrpc: '2.0', id: 'a', error: { code: -32_602, message: 'Invalid params' } },
    ])
  })

  test('a method that is no text is an invalid request; a notification is not answered', () => {
    expect(read(readSignerMessage, call(7)).answers).toEqual([
      { jsonrpc: '2.0', id: 'a', error: { code: -32_600, message: 'Invalid request' } },
    ])
    expect(read(readSignerMessage, { jsonrpc: '2.0', method: 'icrc29_status' }).answers).toEqual([])
  })
})
