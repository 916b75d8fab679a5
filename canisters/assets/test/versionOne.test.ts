import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { type Answer, createSite, headerOf, optional, type Site, stranger, upload } from './support/site.ts'
import { verify } from './support/verify.ts'

// Clients that do not say which version of certification they know get version 1: one certified body for each path.
let site: Site
const zipped = new Uint8Array(gzipSync('plain'))

beforeAll(() => {
  site = createSite()
  upload(site, { key: '/index.html', contents: { identity: ['home'] } }, { key: '/about.html', contents: { identity: ['about'] } })
  const script = { key: '/app.js', content_type: 'text/javascript', sha256: optional<Uint8Array>(), aliased: optional<boolean>() }
  site.call('store', { ...script, content_encoding: 'identity', content: new TextEncoder().encode('plain') })
  site.call('store', { ...script, content_encoding: 'gzip', content: zipped })
  site.call('store', { ...script, key: '/zipped.js', content_encoding: 'gzip', content: zipped })
})

function ask(url: string, version: [] | [number], accept = 'identity'): Answer {
  const headers: [string, string][] = [
    ['host', 'x.localhost'],
    ['accept-encoding', accept],
  ]
  const request = { method: 'GET', url, headers, body: new Uint8Array(), certificate_version: version }
  const response = site.as(stranger).call('http_request', request)
  return {
    status: response.status_code,
    headers: response.headers,
    body: new TextDecoder().decode(Uint8Array.from(response.body)),
    response,
  }
}

test.each<[string, [] | [number], string]>([
  ['/', [], 'home'],
  ['/index.html', [1], 'home'],
  ['/about', [1], 'about'],
  ['/about.html', [], 'about'],
  ['/missing/page', [1], 'home'],
])('%s for a client of version %j is %s, certified', (url, version, body) => {
  const answer = ask(url, version)
  expect([answer.status, answer.body]).toEqual([200, body])
  expect(headerOf(answer, 'ic-certificateexpression')).toBeUndefined()
  expect(headerOf(answer, 'ic-certificate')).not.toMatch('version')
  expect(verify(url, answer, undefined, 1).version).toBe(1)
})

test('another body does not verify', () => {
  expect(() => verify('/about', ask('/about', [1]), new TextEncoder().encode('About'), 1)).toThrow()
})

test.each([
  ['/app.js', 'gzip, identity', 'identity'],
  ['/app.js', 'gzip', 'gzip'],
  ['/zipped.js', 'identity', 'gzip'],
])('%s for a client that takes %s comes as %s, certified', (url, accept, encoding) => {
  const answer = ask(url, [1], accept)
  expect(headerOf(answer, 'content-encoding') ?? 'identity').toBe(encoding)
  expect(verify(url, answer, undefined, 1).version).toBe(1)
})

test('any later version is answered with version 2', () => {
  expect(verify('/about', ask('/about', [7])).version).toBe(2)
})
