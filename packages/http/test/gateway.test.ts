import { Principal } from '@tidemark/types'
import { afterEach, describe, expect, test } from 'vitest'
import type { GatewayOptions } from '../src/index.ts'
import { startNetwork, type TestNetwork } from './support/network.ts'
import { createWebCanister, type SeenRequest, webId } from './support/webCanister.ts'

let network: TestNetwork | undefined
let seen: SeenRequest[] = []
afterEach(() => network?.stop())

const id = webId.toText()

function fetchFrom(url: string, init?: RequestInit, gateway?: GatewayOptions): Promise<Response> {
  seen = []
  network = startNetwork({ gateway: { verifiesResponses: false, ...gateway } })
  network.replica.canisters.set(webId.key, createWebCanister(seen))
  return network.fetch(url, init)
}

const path = (rest: string, init?: RequestInit, gateway?: GatewayOptions): Promise<Response> =>
  fetchFrom(`http://${id}.localhost:8000${rest}`, init, gateway)

describe('the canister of a request', () => {
  const domains = ['localhost', 'tide.test']
  const customDomains = (host: string): Principal | undefined => (host === 'shop.example' ? webId : undefined)

  test.each<[string, string, Record<string, string>, GatewayOptions]>([
    ['the host', `http://${id}.localhost/`, {}, {}],
    ['the host in capitals, with a port', `http://${id.toUpperCase()}.LOCALHOST:4943/`, {}, {}],
    ['the host with words before the id', `http://my--shop--${id}.localhost/`, {}, {}],
    ['a raw host', `http://${id}.raw.localhost/`, {}, {}],
    ['a host below a domain of ours', `http://${id}.tide.test/`, {}, { domains }],
    ['a domain of its own', 'http://shop.example:1234/', {}, { domains, customDomains }],
    ['the query', `http://localhost/?canisterId=${id}`, {}, {}],
    ['the query on any host', `http://192.168.0.7:4943/?a=b&canisterId=${id}`, {}, {}],
    [
      'the page that it belongs to, by its query',
      'http://127.0.0.1:4943/style.css',
      { referer: `http://127.0.0.1:4943/?canisterId=${id}` },
      {},
    ],
    ['the page that it belongs to, by its host', 'http://localhost/style.css', { referer: `http://${id}.localhost/` }, {}],
  ])('is named by %s', async (_, url, headers, gateway) => {
    const response = await fetchFrom(url, { headers }, gateway)
    expect(await response.text()).toBe('hello')
    expect(response.headers.get('x-ic-canister-id')).toBe(id)
  })

  test.each<[string, string, string, GatewayOptions]>([
    ['nothing', 'http://localhost/', 'canister_id_not_resolved', {}],
    ['an address alone', 'http://127.0.0.1:4943/index.html', 'canister_id_not_resolved', {}],
    ['a host that is no id', 'http://shop.localhost/', 'canister_id_not_resolved', {}],
    ['a host too deep', `http://a.${id}.localhost/`, 'canister_id_not_resolved', {}],
    ['a query that is no id', 'http://localhost/?canisterId=nonsense', 'canister_id_incorrect', {}],
    ['a host of others', 'http://else.where/', 'client_unknown_domain', { domains }],
  ])('is not named by %s', async (_, url, errorType, gateway) => {
    const response = await fetchFrom(url, {}, gateway)
    expect(response.status).toBe(400)
    expect(response.headers.get('x-ic-error-cause')).toBe(errorType)
    expect(await response.json()).toMatchObject({ error_type: errorType })
  })
})

describe('a canister for this machine', () => {
  const ask = (peer: string | undefined, isForThisMachine: GatewayOptions['isForThisMachine'] = (asked) => asked.equals(webId)) => {
    seen = []
    network = startNetwork({ gateway: { verifiesResponses: false, isForThisMachine }, ...(peer !== undefined && { peer }) })
    network.replica.canisters.set(webId.key, createWebCanister(seen))
    return network.fetch(`http://${id}.localhost:8000/`)
  }

  test.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1', undefined])('answers %s', async (peer) => {
    expect((await ask(peer)).status).toBe(200)
  })

  test.each(['192.168.0.9', '::ffff:10.0.0.1', 'fe80::1', '', '128.0.0.1'])('does not answer %s', async (peer) => {
    const response = await ask(peer)
    expect([response.status, response.headers.get('x-ic-error-cause'), seen.length]).toEqual([403, 'forbidden', 0])
    network?.stop()
    expect((await ask(peer, () => false)).status).toBe(200)
  })
})

describe('a request reaches the canister', () => {
  test('with its method, path and query as they came, lower-case headers and its body', async () => {
    const headers = { 'X-Own': 'Yes', 'x-request-id': 'secret', 'accept-encoding': 'gzip' }
    await path('/a%20b/c?d=%2F&e', { method: 'PUT', body: 'content', headers })
    expect(seen).toHaveLength(1)
    const [{ method, url, body, headers: came, certificate_version }] = seen as [SeenRequest]
    expect([method, url, new TextDecoder().decode(body), certificate_version]).toEqual(['PUT', '/a%20b/c?d=%2F&e', 'content', [2]])
    const fields = new Map(came)
    expect(fields.get('x-own')).toBe('Yes')
    expect(fields.get('host')).toBe(`${id}.localhost:8000`)
    expect(fields.get('accept-encoding')).toBe('gzip, identity')
    expect(fields.has('x-request-id')).toBe(false)
  })

  test('but not when its body is over the limit', async () => {
    const response = await path('/', { method: 'POST', body: new Uint8Array(4 * 1024 * 1024 + 1) })
    expect([response.status, response.headers.get('x-ic-error-cause'), seen.length]).toEqual([413, 'client_body_too_large', 0])
  })
})

describe('an answer of the canister', () => {
  test('comes with its status and headers, without those of a connection', async () => {
    const response = await path('/redirect', { redirect: 'manual' })
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toBe('/there')
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(response.headers.has('transfer-encoding')).toBe(false)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  test.each([
    ['/not-modified', 'GET', 304],
    ['/', 'HEAD', 200],
  ])('to %s %s has no body', async (at, method, status) => {
    const response = await path(at, { method })
    expect([response.status, await response.text()]).toEqual([status, ''])
  })

  test('to HEAD tells the length of what GET would give', async () => {
    expect((await path('/', { method: 'HEAD' })).headers.get('content-length')).toBe('5')
    expect((await path('/', { method: 'GET' })).headers.get('content-length')).toBe('5')
  })

  test('that asks for an update call is replaced by the answer to that', async () => {
    const response = await path('/upgrade', { method: 'POST', body: 'this' })
    expect([response.status, await response.text()]).toEqual([201, 'updated by POST with this'])
    expect(network?.replica.admitted).toHaveLength(1)
    expect(seen[1]).not.toHaveProperty('certificate_version')
  })
})

describe('a body in parts', () => {
  test('that are few is collected and has a length', async () => {
    const response = await path('/short-stream')
    expect(response.headers.get('content-length')).toBe('6')
    expect(await response.text()).toBe('0;1;2;')
  })

  test('that are many comes as a stream, part by part', async () => {
    expect(await (await path('/long-stream')).text()).toBe('0;1;2;3;4;5;6;7;8;9;')
  })

  test('without end is ended', async () => {
    await expect((await path('/endless-stream')).text()).rejects.toThrow('more than 1000 parts')
  })

  test('that break off gives an error', async () => {
    expect((await path('/broken-stream')).status).toBe(503)
  })

  test('that the canister cut into ranges is put together', async () => {
    const response = await path('/cut')
    expect([response.status, await response.text()]).toEqual([200, '0123456789'])
    expect(response.headers.get('content-length')).toBe('10')
    expect(response.headers.has('content-range')).toBe(false)
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('of ranges that do not fit gives an error', async () => {
    await expect((await path('/cut-wrongly')).text()).rejects.toThrow('another range')
  })

  test('of which the client wants a range is passed on as it is', async () => {
    const response = await path('/cut', { headers: { range: 'bytes=4-' } })
    expect([response.status, response.headers.get('content-range'), await response.text()]).toEqual([206, 'bytes 4-7/10', '4567'])
  })
})

describe('what went wrong is said', () => {
  test.each([
    ['/trap', 503, 'canister_error'],
    ['/reject', 503, 'canister_reject'],
    ['/frozen', 503, 'canister_frozen'],
    ['/nonsense', 503, 'backend_http_gateway'],
    ['/no-status', 503, 'backend_http_gateway'],
    ['/bad-header', 503, 'backend_http_gateway'],
  ])('of %s with %d %s', async (at, status, errorType) => {
    const response = await path(at)
    expect([response.status, response.headers.get('x-ic-error-cause')]).toEqual([status, errorType])
    expect(await response.json()).toMatchObject({ error_type: errorType, description: expect.any(String), details: expect.any(String) })
  })

  test('of a canister that does not exist with 404', async () => {
    const response = await fetchFrom(`http://${Principal.canister(99n).toText()}.localhost/`)
    expect([response.status, response.headers.get('x-ic-error-cause')]).toEqual([404, 'canister_not_found'])
  })

  test('to people on a page, with nothing of the canister taken as HTML', async () => {
    const response = await path('/trap', { headers: { 'user-agent': 'Mozilla/5.0' } })
    expect(response.headers.get('content-type')).toMatch('text/html')
    const page = await response.text()
    expect(page).toMatch('&lt;oops&gt;')
    expect(page).not.toMatch('<oops>')
  })
})

describe('a preflight request', () => {
  test('is answered by the canister if it knows how', async () => {
    const response = await path('/preflight', { method: 'OPTIONS' })
    expect([response.status, response.headers.get('access-control-allow-methods')]).toEqual([200, 'BREW'])
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
  })

  test.each(['/', '/trap', '/redirect'])('is answered by the gateway if the canister does not (%s)', async (at) => {
    const response = await path(at, { method: 'OPTIONS' })
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect(response.headers.get('access-control-allow-methods')).toBe('HEAD, GET, POST, PUT, DELETE, PATCH')
    expect(response.headers.get('access-control-max-age')).toBe('7200')
    expect(response.headers.get('vary')).toBe('origin, access-control-request-method, access-control-request-headers')
  })
})

describe('options', () => {
  test('pages of the host program come before canisters, on the hosts that it chooses', async () => {
    const gateway: GatewayOptions = {
      pages: async (request, host) => (host === 'id.localhost' ? new Response(`page ${new URL(request.url).pathname}`) : undefined),
    }
    expect(await (await fetchFrom('http://ID.localhost:4943/login', {}, gateway)).text()).toBe('page /login')
    expect(await (await path('/', {}, gateway)).text()).toBe('hello')
  })
})
