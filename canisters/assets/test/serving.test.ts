import type { assetsTypes } from '@tidemark/bindings'
import { beforeAll, describe, expect, test } from 'vitest'
import { createSite, get, headerOf, type Site, upload } from './support/site.ts'
import { verify } from './support/verify.ts'

type Token = assetsTypes.StreamingCallbackToken

let site: Site
beforeAll(() => {
  site = createSite()
  upload(
    site,
    { key: '/index.html', contents: { identity: ['<h1>home</h1>'] } },
    { key: '/guide/index.html', contents: { identity: ['guide'] } },
    { key: '/about.html', contents: { identity: ['about'] }, maxAge: 60n, headers: [['X-Frame-Options', 'DENY']] },
    { key: '/hidden.html', contents: { identity: ['hidden'] }, aliasing: false },
    { key: '/app.js', contentType: 'text/javascript', contents: { identity: ['plain'], gzip: ['zipped'], br: ['brotli'] } },
    { key: '/white space.txt', contentType: 'text/plain', contents: { identity: ['space'] } },
    { key: '/long.txt', contentType: 'text/plain', contents: { identity: ['one ', 'two ', 'three'] } },
    { key: '/members.txt', contentType: 'text/plain', contents: { identity: ['members'] }, rawAccess: false },
  )
})

describe('a page is found under its key and its aliases, and every answer verifies', () => {
  test.each([
    ['/', '<h1>home</h1>'],
    ['/index.html', '<h1>home</h1>'],
    ['/index', '<h1>home</h1>'],
    ['/?source=mail#top', '<h1>home</h1>'],
    ['/guide', 'guide'],
    ['/guide/', 'guide'],
    ['/guide/index', 'guide'],
    ['/about', 'about'],
    ['//about', 'about'],
    ['/guide//', 'guide'],
    ['/about.html', 'about'],
    ['/hidden.html', 'hidden'],
    ['/white%20space.txt', 'space'],
  ])('%s', (url, body) => {
    const answer = get(site, url)
    expect([answer.status, answer.body]).toEqual([200, body])
    expect(verify(url, answer).status).toBe(200)
  })
})

test.each(['/missing', '/guide//missing', '/guide/missing', '/a/b/c.js', '/hidden', '/about.html/more', '/zzz/'])(
  '%s falls back to the home page, with proof that there is nothing closer',
  (url) => {
    const answer = get(site, url)
    expect([answer.status, answer.body]).toEqual([200, '<h1>home</h1>'])
    expect(verify(url, answer).status).toBe(200)
  },
)

test('headers of an asset are sent and certified', () => {
  const answer = get(site, '/about')
  expect(headerOf(answer, 'cache-control')).toBe('max-age=60')
  expect(headerOf(answer, 'x-frame-options')).toBe('DENY')
  expect(verify('/about', answer).headers).toEqual(expect.arrayContaining(['content-type', 'cache-control', 'etag', 'x-frame-options']))
})

test.each([
  ['gzip, deflate, br', 'gzip', 'zipped'],
  ['br, gzip, identity', 'br', 'brotli'],
  ['gzip;q=0, BR', 'br', 'brotli'],
  ['identity', undefined, 'plain'],
  ['deflate', undefined, 'plain'],
])('accept-encoding "%s" gives %s', (accept, encoding, body) => {
  const answer = get(site, '/app.js', { 'accept-encoding': accept })
  expect([headerOf(answer, 'content-encoding'), answer.body]).toEqual([encoding, body])
  expect(verify('/app.js', answer).status).toBe(200)
})

test('a client that has the content gets 304, certified', () => {
  const etag = headerOf(get(site, '/about'), 'etag') ?? ''
  expect(etag).toMatch(/^"[0-9a-f]{64}"$/)
  const answer = get(site, '/about', { 'if-none-match': `"other", W/${etag}` })
  expect([answer.status, answer.body]).toEqual([304, ''])
  expect(verify('/about', answer).status).toBe(304)
  expect(get(site, '/about', { 'if-none-match': '"other"' }).status).toBe(200)
})

test('a body of several chunks is streamed and certified as a whole', () => {
  const answer = get(site, '/long.txt')
  let [strategy] = answer.response.streaming_strategy
  let body = answer.body
  let token = strategy?.Callback.token
  while (token !== undefined) {
    const [chunk] = site.call('http_request_streaming_callback', token)
    body += new TextDecoder().decode(Uint8Array.from(chunk?.body ?? []))
    token = chunk?.token[0]
  }
  expect(body).toBe('one two three')
  expect(strategy?.Callback.callback[1]).toBe('http_request_streaming_callback')
  expect(verify('/long.txt', answer, new TextEncoder().encode(body)).status).toBe(200)
})

test('an asset without raw access sends raw clients to the verifying host', () => {
  const answer = get(site, '/members.txt?a=1', { host: 'x.raw.localhost' })
  expect([answer.status, headerOf(answer, 'location')]).toEqual([308, '//x.localhost/members.txt?a=1'])
  expect(get(site, '/members.txt').status).toBe(200)
})

describe('escapes in a path', () => {
  test.each(['/%', '/%%', '/%zz', '/has%percent', '/%f', '/%2', '/%%+a%20+%@'])('%s: what is none stands for itself', (path) => {
    const answer = get(site, path)
    expect(answer.status).toBe(200)
    expect(verify(path, answer).status).toBe(200)
  })

  test.each(['/%e6', '/a%ff?b=c', '/%C3%28'])('%s: bytes that are no UTF-8 are refused', (path) => {
    const [target] = path.split('?')
    expect(get(site, path)).toMatchObject({ status: 400, body: `failed to decode path '${target}': invalid percent encoding` })
  })
})

test.each<[string, Partial<Token>, string]>([
  ['of an unknown asset', { key: '/none' }, 'Invalid token on streaming: key not found.'],
  ['of an unknown encoding', { content_encoding: 'br' }, 'Invalid token on streaming: encoding not found.'],
  ['without a digest', { sha256: [] }, 'sha256 required'],
  ['with another digest', { sha256: [new Uint8Array(32)] }, 'sha256 mismatch'],
])('a streaming token %s is refused', (_, change, message) => {
  const token = get(site, '/long.txt').response.streaming_strategy[0]?.Callback.token
  if (token === undefined) throw new Error('nothing is streamed')
  expect(() => site.call('http_request_streaming_callback', { ...token, ...change })).toThrow(message)
})

test('without a home page a missing path is a certified 404', () => {
  const empty = createSite()
  upload(empty, { key: '/only.txt', contents: { identity: ['here'] } })
  const answer = get(empty, '/missing/page')
  expect([answer.status, answer.body]).toEqual([404, 'not found'])
  expect(verify('/missing/page', answer).status).toBe(404)
  expect(verify('/only.txt', get(empty, '/only.txt')).status).toBe(200)
})

test('a changed body, header or path does not verify', () => {
  const answer = get(site, '/about')
  expect(() => verify('/about', answer, new TextEncoder().encode('About'))).toThrow()
  expect(() => verify('/guide', answer)).toThrow()
  const headers = answer.headers.map(([name, value]): [string, string] => [name, name === 'cache-control' ? 'max-age=61' : value])
  expect(() => verify('/about', { ...answer, headers })).toThrow()
})
