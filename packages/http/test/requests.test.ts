import { IDL } from '@dfinity/candid'
import { Principal as DfinityPrincipal } from '@dfinity/principal'
import { encodeSelfDescribed } from '@tidemark/certification'
import { fromHex, managementCanisterId, Principal, toHex } from '@tidemark/types'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHttpHandler } from '../src/index.ts'
import { contentOf, envelopeOf, post, type RequestParts, send } from './support/envelopes.ts'
import { greeterId, startNetwork, type TestNetwork } from './support/network.ts'
import { ed25519Signer } from './support/signers.ts'

let network: TestNetwork
beforeEach(() => {
  network = startNetwork()
})
afterEach(() => network.stop())

const user = ed25519Signer()
const minute = 60_000_000_000n

async function expectRefused(response: Response, status: number, message: string | RegExp): Promise<void> {
  const body = await response.text()
  expect(body).toMatch(message)
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toMatch('text/plain')
  expect(network.replica.admitted).toEqual([])
}

describe('a body that is no request is refused with 400', () => {
  test.each<[string, Uint8Array, RegExp]>([
    ['nothing', fromHex(''), /not valid CBOR/],
    ['random bytes', fromHex('ff00ff'), /not valid CBOR/],
    ['nested without end', new Uint8Array(1_000_000).fill(0x81), /nested too deeply/],
    ['a list', encodeSelfDescribed([]), /envelope: expected a map/],
    ['no content', encodeSelfDescribed({}), /missing field "content"/],
    ['content of text', encodeSelfDescribed({ content: 'x' }), /field "content" must be a map/],
    ['an empty content', encodeSelfDescribed({ content: {} }), /missing field "request_type"/],
    [
      'a query in the place of a call',
      encodeSelfDescribed({ content: { request_type: 'query' } }),
      /expected request_type "call", got "query"/,
    ],
    ['two contents', fromHex('a267636f6e74656e74a067636f6e74656e74a0'), /not valid CBOR/],
  ])('%s', async (_, body, message) => {
    await expectRefused(await post(network, 'v2 call', body), 400, new RegExp(`^Failed to deserialize cbor request: .*${message.source}`))
  })

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['no canister', { canister_id: undefined }, /missing field "canister_id"/],
    ['a canister as text', { canister_id: 'aaaaa-aa' }, /field "canister_id" must be bytes/],
    ['a canister of 30 bytes', { canister_id: new Uint8Array(30) }, /at most 29 bytes/],
    ['a method that is no text', { method_name: 5 }, /field "method_name" must be a text/],
    ['a negative expiry', { ingress_expiry: -5 }, /field "ingress_expiry" must be a natural number/],
    ['a fractional expiry', { ingress_expiry: 1.5 }, /field "ingress_expiry" must be a natural number/],
  ])('%s', async (_, fields, message) => {
    const content = Object.fromEntries(Object.entries({ ...contentOf(network, {}), ...fields }).filter(([, value]) => value !== undefined))
    await expectRefused(await post(network, 'v3 call', encodeSelfDescribed({ content })), 400, message)
  })

  test.each([
    ['call', 'Could not parse body as call message: '],
    ['query', 'Malformed request: '],
    ['read_state', 'Malformed request: '],
  ] as const)('a sender of 30 bytes in a %s', async (type, words) => {
    await expectRefused(
      await send(network, { type, content: { sender: new Uint8Array(30) } }),
      400,
      new RegExp(`^${words}.*at most 29 bytes`),
    )
  })

  test('paths that are no lists of bytes', async () => {
    await expectRefused(await send(network, { type: 'read_state', content: { paths: ['time'] } }), 400, /list of lists of bytes/)
  })
})

test('a request is understood without the self-described tag', async () => {
  const body = await envelopeOf(network, { signer: user })
  expect((await post(network, 'v3 call', body.slice(3))).status).toBe(200)
})

describe('limits', () => {
  test('a body of more than 5 MiB is refused unread', async () => {
    const headers = { 'content-type': 'application/cbor', 'content-length': String(5 * 1024 * 1024 + 1) }
    const init = { method: 'POST', headers, body: new Uint8Array(1) }
    const response = await network.fetch(`http://127.0.0.1/api/v2/canister/${greeterId.toText()}/call`, init)
    await expectRefused(response, 413, /^length limit exceeded$/)
  })

  test('a body of more than 5 MiB that claims nothing is refused in the words of the network, too', async () => {
    const refused = await post(network, 'v2 call', new Uint8Array(5 * 1024 * 1024 + 1))
    await expectRefused(refused, 413, /^Failed to buffer the request body: length limit exceeded$/)
  })

  test('a body that is longer than it claims is refused as soon as it is', async () => {
    let chunks = 0
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => (chunks++, controller.enqueue(new Uint8Array(1024 * 1024))) })
    const init = { method: 'POST', body, headers: { 'content-type': 'application/cbor' }, duplex: 'half' }
    const response = await network.fetch(`http://127.0.0.1/api/v3/canister/${greeterId.toText()}/query`, init)
    await expectRefused(response, 413, /^Failed to buffer the request body: length limit exceeded$/)
    expect(chunks).toBeLessThan(10)
  })

  test('an update call of more than 2 MiB is refused, a query is not', async () => {
    const arg = IDL.encode([IDL.Text], ['x'.repeat(2 * 1024 * 1024)])
    await expectRefused(await send(network, { content: { arg } }), 413, /Message byte size \d+ is larger than the max allowed 2097152/)
    expect((await send(network, { type: 'query', content: { arg } })).status).toBe(200)
  })

  test('a nonce has at most 32 bytes', async () => {
    await expectRefused(
      await send(network, { signer: user, content: { nonce: new Uint8Array(33) } }),
      400,
      /got 33 bytes, but at most 32 are allowed/,
    )
    expect((await send(network, { signer: user, content: { nonce: new Uint8Array(32) } })).status).toBe(200)
  })
})

describe('the ingress expiry', () => {
  const expected =
    /^Invalid request expiry: Specified ingress_expiry not within expected range: Minimum allowed expiry: \d{4}-.* UTC, Maximum allowed expiry: /
  const at = (distance: bigint, parts: RequestParts): Promise<Response> =>
    send(network, { ...parts, content: { ingress_expiry: network.replica.timeNanos() + distance } })

  test.each<[string, bigint, RequestParts]>([
    ['a call whose time is over', -minute, { signer: user }],
    ['a call of next week', 10_080n * minute, { signer: user }],
    ['an anonymous call whose time is over', -minute, {}],
    ['a query whose time is over', -minute, { type: 'query', signer: user }],
    ['a read_state whose time is over', -minute, { type: 'read_state', signer: user }],
  ])('refuses %s', async (_, distance, parts) => {
    await expectRefused(await at(distance, parts), 400, expected)
  })

  test.each<[string, bigint, RequestParts]>([
    ['five minutes ahead', 5n * minute, { signer: user }],
    ['an anonymous query whose time is over', -minute, { type: 'query' }],
    ['an anonymous read_state of no time at all', -minute, { type: 'read_state' }],
  ])('lets pass %s', async (_, distance, parts) => {
    expect((await at(distance, parts)).status).toBe(200)
  })
})

describe('the effective canister id', () => {
  const other = Principal.canister(8n)
  const management = (method: string, arg: Uint8Array, id: Principal): Promise<Response> =>
    send(
      network,
      { content: { canister_id: managementCanisterId.bytes, method_name: method, arg } },
      `/api/v4/canister/${id.toText()}/call`,
    )
  const naming = (field: string, id: Principal): Uint8Array =>
    IDL.encode(
      [IDL.Record({ [field]: IDL.Principal, more: IDL.Text })],
      [{ [field]: DfinityPrincipal.fromUint8Array(id.bytes), more: 'x' }],
    )

  test.each(['v2 call', 'v3 call', 'v4 call'])('must be the canister that is called (%s)', async (endpoint) => {
    const response = await send(network, { content: { canister_id: other.bytes } }, endpoint)
    await expectRefused(
      response,
      400,
      `Specified CanisterId ${other.toText()} does not match effective canister id in URL ${greeterId.toText()}`,
    )
  })

  test('must be the canister that is queried', async () => {
    await expectRefused(
      await send(network, { type: 'query', content: { canister_id: other.bytes } }),
      400,
      /does not match effective canister id/,
    )
  })

  test.each([
    ['start_canister', 'canister_id'],
    ['update_settings', 'canister_id'],
    ['install_chunked_code', 'target_canister'],
  ])('of %s is its %s', async (method, field) => {
    await expectRefused(await management(method, naming(field, other), greeterId), 400, /does not match effective canister id/)
    // The management canister is none of the test network's canisters: the filter's answer shows that the request got there.
    expect((await management(method, naming(field, other), other)).status).toBe(200)
  })

  test('of a creation may be any', async () => {
    expect((await management('provisional_create_canister_with_cycles', naming('canister_id', other), greeterId)).status).toBe(200)
  })

  test('of an argument made to keep the network busy is left to the ingress filter at once', async () => {
    const bomb = fromHex('4449444c026c02016ab3c4b1f204016d7f0100ffffffffffffff7f')
    expect((await management('start_canister', bomb, greeterId)).status).toBe(200)
  })

  test('of an argument that says none is left to the ingress filter', async () => {
    expect((await management('start_canister', fromHex('00'), greeterId)).status).toBe(200)
  })
})

describe('signatures', () => {
  const stranger = ed25519Signer('stranger')

  test.each<[string, RequestParts, RegExp]>([
    ['none at all', { content: { sender: user.principal.bytes } }, new RegExp(`Missing signature from user: ${user.principal.toText()}`)],
    ['one of the anonymous user', { envelope: { sender_sig: new Uint8Array(64) } }, /Signature is not allowed for the anonymous user/],
    ['a key of the anonymous user', { envelope: { sender_pubkey: user.publicKeyDer } }, /Signature is not allowed for the anonymous user/],
    [
      'another user',
      { signer: stranger, content: { sender: user.principal.bytes } },
      /The user id [a-z0-9-]+ does not match the public key 302a/,
    ],
    ['another message', { signer: user, envelope: { sender_sig: new Uint8Array(64) } }, /^Invalid signature: Invalid basic signature/],
    ['a few bytes', { signer: user, envelope: { sender_sig: new Uint8Array(3) } }, /^Invalid signature: Invalid basic signature/],
  ])('%s', async (_, parts, message) => {
    for (const type of ['call', 'query', 'read_state'] as const) await expectRefused(await send(network, { ...parts, type }), 400, message)
  })

  test('no changed byte of a request passes', async () => {
    const body = await envelopeOf(network, {
      signer: user,
      delegations: [{ from: user, to: stranger, targets: [greeterId] }],
      content: { nonce: new Uint8Array(16) },
    })
    for (let i = 0; i < body.length; i++) {
      const changed = body.slice()
      changed[i] = (changed[i] as number) ^ (1 << (i % 8))
      const response = await post(network, 'v3 call', changed)
      expect(response.status, `byte ${i} of ${toHex(body)}`).toBe(400)
    }
    expect(network.replica.admitted).toEqual([])
    expect((await post(network, 'v3 call', body)).status).toBe(200)
  })
})

describe('paths, methods and types', () => {
  test.each<[string, string, number]>([
    ['POST', '/api/v2/nothing', 404],
    ['POST', `/api/v5/canister/${greeterId.toText()}/call`, 404],
    ['POST', `/api/v4/canister/${greeterId.toText()}/query`, 404],
    ['POST', `/api/v2/subnet/${greeterId.toText()}/call`, 404],
    ['POST', '/api/v3/canister/nonsense/call', 400],
    ['POST', '/api/v3/canister/%zz/call', 400],
    ['GET', `/api/v3/canister/${greeterId.toText()}/call`, 405],
    ['POST', '/api/v2/status', 405],
  ])('%s %s is answered with %d', async (method, path, status) => {
    const response = await network.fetch(`http://127.0.0.1${path}`, { method, headers: { 'content-type': 'application/cbor' } })
    expect(response.status).toBe(status)
    if (status === 404) expect(await response.text()).toBe('Endpoint not found.')
  })

  test('only CBOR is read', async () => {
    await expectRefused(
      await post(network, 'v3 call', await envelopeOf(network, {}), 'application/json'),
      400,
      /^Unexpected content-type, expected application\/cbor\.$/,
    )
    await expectRefused(
      await post(network, 'v3 call', await envelopeOf(network, {}), 'application/cbor; x=y'),
      400,
      /^Unexpected content-type/,
    )
    expect((await post(network, 'v3 call', await envelopeOf(network, {}), 'Application/CBOR')).status).toBe(200)
  })
})

describe('pages of other origins', () => {
  test.each(['/api/v2/status', `/api/v3/canister/${greeterId.toText()}/query`, '/somewhere'])('may use %s', async (path) => {
    const preflight = await network.fetch(`http://127.0.0.1${path}`, {
      method: 'OPTIONS',
      headers: { 'access-control-request-headers': 'content-type' },
    })
    expect(preflight.status).toBe(200)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/\bcontent-type\b/)
    expect(preflight.headers.get('access-control-allow-methods')).toMatch(path.includes('status') ? 'GET, HEAD' : 'POST')
  })

  test('can read answers and refusals', async () => {
    for (const response of [await send(network, {}), await post(network, 'v2 call', fromHex('00'))]) {
      expect(response.headers.get('access-control-allow-origin')).toBe('*')
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    }
  })
})

describe('a request that is here whole', () => {
  const path = `/api/v3/canister/${greeterId.toText()}/query`

  test('gets the answer that the same request gets through the Fetch API', async () => {
    // Without rounds in between, both are answered at one time.
    network.stop()
    const handler = createHttpHandler({ replica: network.replica, driver: { settled: async () => {}, poke: () => {} } })
    for (const body of [await envelopeOf(network, { type: 'query', signer: user }), fromHex('00')]) {
      const answer = await handler.whole({ method: 'POST', path, contentType: 'application/cbor', body })
      const headers = { 'content-type': 'application/cbor' }
      const response = await handler(new Request(`http://127.0.0.1${path}`, { method: 'POST', headers, body: Uint8Array.from(body) }))
      expect([answer?.status, answer?.headers]).toEqual([response.status, Object.fromEntries(response.headers)])
      expect(new Uint8Array(await new Response(answer?.body ?? null).arrayBuffer())).toEqual(new Uint8Array(await response.arrayBuffer()))
    }
  })

  test.each(['/', '/somewhere', '/api/v2/../status', `${path}?a=1`, `/api/v3/canister/%61/query`])(
    'is left to the Fetch API at %s',
    (other) => {
      const handler = createHttpHandler({ replica: network.replica, driver: { settled: async () => {}, poke: () => {} } })
      expect(handler.whole({ method: 'POST', path: other, contentType: 'application/cbor', body: fromHex('00') })).toBeUndefined()
    },
  )
})

test('whoever keeps the state hears of calls that were taken in, and of no other request', async () => {
  let calls = 0
  const driver = { settled: async () => {}, poke: () => {} }
  const handler = createHttpHandler({ replica: network.replica, driver, onCall: () => void calls++ })
  const heard = async (parts: RequestParts, endpoint: string) => {
    const headers = { 'content-type': 'application/cbor' }
    const body = Uint8Array.from(await envelopeOf(network, parts))
    await handler(
      new Request(`http://127.0.0.1/api/${endpoint.replace(' ', `/canister/${greeterId.toText()}/`)}`, { method: 'POST', headers, body }),
    )
    return calls
  }
  expect(await heard({ signer: user }, 'v2 call')).toBe(1)
  expect(await heard({ signer: user, content: { nonce: new Uint8Array(1) } }, 'v4 call')).toBe(2)
  expect(await heard({ content: { method_name: 'declined' } }, 'v4 call')).toBe(2)
  expect(await heard({ type: 'query' }, 'v3 query')).toBe(2)
})
