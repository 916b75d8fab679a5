import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import type * as publicVerifier from '@dfinity/response-verification'
import { createRememberingCheck, digest, hashOfFields, leaf, node, text } from '@tidemark/certification'
import { Principal } from '@tidemark/types'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Verified, verifyResponse } from '../src/gateway/verification/verifyResponse.ts'
import { VerificationError } from '../src/gateway/verification/verificationError.ts'
import {
  certificateHeader,
  certificateOver,
  type Certified,
  certifiedAnswer,
  certifiedAtNanos,
  fullExpression,
  request,
  responseExpression,
  rootKey,
  type SiteAnswer,
  siteId,
  type SiteRequest,
  skipExpression,
  treeOf,
} from './support/certifiedAnswers.ts'

// The public gateway's own verifier, compiled to Wasm, judges every case beside ours.
const library = createRequire(import.meta.url)('@dfinity/response-verification') as typeof publicVerifier
const check = createRememberingCheck(1_000)
const driftNanos = 300_000_000_000n

function publicVerdict(asked: SiteRequest, answer: SiteAnswer, nowNanos = certifiedAtNanos): boolean {
  try {
    const response = { status_code: answer.status, headers: answer.headers, body: answer.body }
    const parsed = { ...asked, certificate_version: [2] as [number] }
    library.verifyRequestResponsePair(parsed, response, siteId.bytes, nowNanos, driftNanos, rootKey, 1)
    return true
  } catch {
    return false
  }
}

async function verify(asked: SiteRequest, answer: SiteAnswer, nowNanos = certifiedAtNanos): Promise<Verified> {
  const exchange = { request: asked, response: { ...answer, upgrade: false }, canisterId: siteId, rootKey, nowNanos, check }
  try {
    const verified = await verifyResponse(exchange)
    expect(publicVerdict(asked, answer, nowNanos), 'the public verifier refuses what ours accepts').toBe(true)
    return verified
  } catch (error) {
    if (error instanceof VerificationError) {
      expect(publicVerdict(asked, answer, nowNanos), `the public verifier accepts what ours refuses: ${error.message}`).toBe(false)
    }
    throw error
  }
}

const answerOnly = responseExpression(['cache-control', 'x-own'])
const exactPath = (...segments: string[]): string[] => ['http_expr', ...segments, '<$>']
const wildcard = (...segments: string[]): string[] => ['http_expr', ...segments, '<*>']
const certified = (path: readonly string[], more: Partial<Certified> = {}): SiteAnswer =>
  certifiedAnswer({
    path,
    expression: answerOnly,
    headers: [
      ['Cache-Control', 'max-age=60'],
      ['X-Other', 'free'],
    ],
    certifiedNames: ['cache-control', 'x-own'],
    ...more,
  })

describe('version 2: the place of an answer', () => {
  test.each<[string, string[]]>([
    ['/', exactPath('')],
    ['/index.html', exactPath('index.html')],
    ['/a/b.js', exactPath('a', 'b.js')],
    ['/a/', exactPath('a', '')],
    ['/a//b', exactPath('a', 'b')],
    ['/a%20b?c=d#e', exactPath('a b')],
    ['/%E2%82%AC', exactPath('€')],
    ['/', wildcard()],
    ['/', wildcard('')],
    ['/a', wildcard()],
    ['/a/b/c', wildcard('a')],
    ['/a/b/c', wildcard('a', '')],
    ['/a', wildcard('a', '')],
    ['/a/', wildcard('a')],
  ])('%s may be answered at %j', async (url, path) => {
    expect((await verify(request(url), certified(path))).version).toBe(2)
  })

  test.each<[string, string[], RegExp]>([
    ['/a', exactPath('b'), /The exact expression path .* is not valid for the request path/],
    ['/a/', exactPath('a'), /is not valid for the request path/],
    ['/a', exactPath('a', ''), /is not valid for the request path/],
    ['/b/c', wildcard('a'), /The wildcard expression path .* is not valid for the request path \(\/b\/c\)/],
    ['/a', wildcard('a', 'b'), /is not valid for the request path/],
    ['/a', ['http_expr', 'a'], /unexpected suffix/],
    ['/a', ['expr', 'a', '<$>'], /unexpected prefix/],
    ['/%ff', wildcard(), /no UTF-8/],
  ])('%s may not be answered at %j', async (url, path, reason) => {
    await expect(verify(request(url), certified(path))).rejects.toThrow(reason)
  })

  test.each<[string, string[], string[], RegExp]>([
    ['/a/b', wildcard('a'), exactPath('a', 'b'), /might exist in the tree/],
    ['/a/b', wildcard(), wildcard('a'), /more specific wildcard expression path \(\["http_expr", "a", "<\*>"\]\)/],
    ['/a/b', wildcard(), wildcard('a', ''), /more specific wildcard/],
    ['/a/b', wildcard('a'), wildcard('a', ''), /more specific wildcard/],
    ['/a', wildcard(), wildcard('a'), /more specific wildcard/],
  ])('%s may not be answered at %j while %j is there', async (url, path, other, reason) => {
    await expect(verify(request(url), certified(path, { others: [other] }))).rejects.toThrow(reason)
  })

  test('a wildcard needs proof that nothing closer is there', async () => {
    const path = wildcard()
    const shown = [path.map(text)]
    const others = [exactPath('zzz')]
    await expect(verify(request('/zz'), certified(path, { shown, others }))).rejects.toThrow(/might exist in the tree/)
    const proven = [...shown, exactPath('zz').map(text), wildcard('zz').map(text)]
    expect((await verify(request('/zz'), certified(path, { shown: proven, others }))).version).toBe(2)
  })

  test('an answer at a place that is not in the tree is refused', async () => {
    const tree = treeOf([['http_expr', 'other', '<$>']])
    const answer = certified(exactPath('a'))
    const proof = certificateHeader({ tree, path: exactPath('a'), version: 2 })
    const moved: SiteAnswer = { ...answer, headers: [...answer.headers, ['IC-Certificate', proof]] }
    await expect(verify(request('/a'), moved)).rejects.toThrow(/was not found in the tree/)
  })
})

describe('version 2: what is certified', () => {
  const path = exactPath('a')
  const page = certified(path)

  test('the certified headers pass, with the expression and the certificate', async () => {
    const { headers } = await verify(request('/a'), page)
    expect(headers?.map(([name]) => name)).toEqual(['cache-control', 'ic-certificateexpression', 'IC-Certificate'])
  })

  test('with exclusions all other headers pass', async () => {
    const expression = responseExpression(['X-Other'], 'response_header_exclusions')
    const { headers } = await verify(request('/a'), certified(path, { expression, certifiedNames: ['cache-control', 'x-own'] }))
    expect(headers?.map(([name]) => name)).toEqual(['cache-control', 'ic-certificateexpression', 'IC-Certificate'])
  })

  test('a header that comes twice counts twice', async () => {
    const cookies: [string, string][] = [
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ]
    const expression = responseExpression(['set-cookie'])
    const answer = certified(path, { expression, headers: cookies, certifiedNames: ['set-cookie'] })
    expect((await verify(request('/a'), answer)).headers?.slice(0, 2).map(([, value]) => value)).toEqual(['a=1', 'b=2'])
  })

  test.each<[string, Partial<SiteAnswer>]>([
    ['another body', { body: text('Content') }],
    ['another status', { status: 201 }],
    ['a certified header with another value', { headers: page.headers.map(([name, value]) => [name, value.replace('60', '61')]) }],
    ['a certified header that was not there', { headers: [['X-Own', 'new'], ...page.headers] }],
    ['a certified header that is gone', { headers: page.headers.slice(1) }],
  ])('%s is refused', async (_, change) => {
    await expect(verify(request('/a'), { ...page, ...change })).rejects.toThrow(/hash of the request and response was not found/)
  })

  test('a header that is not certified may change, and does not pass', async () => {
    const answer = { ...page, headers: [...page.headers, ['X-More', 'new'] as [string, string]] }
    expect((await verify(request('/a'), answer)).headers?.some(([name]) => name === 'x-more')).toBe(false)
  })

  test('another expression is refused', async () => {
    const headers = page.headers.map(([name, value]): [string, string] => [
      name,
      name === 'IC-CertificateExpression' ? skipExpression : value,
    ])
    await expect(verify(request('/a'), { ...page, headers })).rejects.toThrow(/hash of the CEL expression .* does not exist/)
  })

  test('a canister may certify that it certifies nothing', async () => {
    const answer = certifiedAnswer({ path: wildcard(), expression: skipExpression, body: 'anything', headers: [['X-Any', 'thing']] })
    expect(await verify(request('/any/path'), { ...answer, body: text('else'), status: 404 })).toEqual({ version: 2 })
  })

  test('the leaf must be empty', async () => {
    const full = treeOf([[...path, sha256(text(answerOnly)), new Uint8Array(), sha256(text('x'))]], text('full'))
    const proof = certificateHeader({ tree: full, path, version: 2 })
    const headers: [string, string][] = [
      ['IC-CertificateExpression', answerOnly],
      ['IC-Certificate', proof],
    ]
    await expect(verify(request('/a'), { ...page, headers })).rejects.toThrow(/not found in the tree/)
  })
})

describe('version 2: certified requests', () => {
  const expression = fullExpression(['Accept'], ['page', 'size'], [])
  const hashOf = (method: string, headers: [string, string][], query?: string, body = ''): Uint8Array =>
    sha256(
      concatBytes(
        hashOfFields([...headers, [':ic-cert-method', method], ...(query === undefined ? [] : [[':ic-cert-query', query] as const])]),
        sha256(text(body)),
      ),
    )
  const accept: [string, string] = ['accept', 'text/html']
  const answerTo = (requestHash: Uint8Array): SiteAnswer => certifiedAnswer({ path: exactPath('list'), expression, requestHash })
  const headers: [string, string][] = [
    ['Accept', 'text/html'],
    ['x-free', 'yes'],
  ]

  test.each<[string, Uint8Array, SiteRequest]>([
    ['of the request', hashOf('GET', [accept]), request('/list', { headers })],
    ['of the certified parameters', hashOf('GET', [accept], 'page=2&SIZE=3'), request('/list?page=2&other=1&SIZE=3', { headers })],
    ['of the body', hashOf('POST', [], undefined, 'sent'), request('/list', { method: 'POST', headers: [], body: text('sent') })],
  ])('the answer to a request with the hash %s verifies', async (_, hash, asked) => {
    expect((await verify(asked, answerTo(hash))).version).toBe(2)
  })

  test.each<[string, SiteRequest]>([
    ['another method', request('/list?page=1', { method: 'HEAD', headers })],
    ['another header', request('/list?page=1', { headers: [['accept', 'image/png']] })],
    ['no header', request('/list?page=1', { headers: [] })],
    ['another parameter', request('/list?page=2', { headers })],
    ['no parameter', request('/list', { headers })],
    ['a body', request('/list?page=1', { headers, body: text('x') })],
  ])('the answer to a request with %s does not', async (_, asked) => {
    const answer = answerTo(hashOf('GET', [accept], 'page=1'))
    expect((await verify(request('/list?page=1', { headers }), answer)).version).toBe(2)
    await expect(verify(asked, answer)).rejects.toThrow(/hash of the request and response/)
  })
})

describe('version 1: bodies', () => {
  const zipped = gzipSync('content')
  const assets = (entries: Record<string, Uint8Array>): ReturnType<typeof node> =>
    node([[text('http_assets'), node(Object.entries(entries).map(([key, value]) => [text(key), leaf(sha256(value))] as const))]])
  const answer = (tree: ReturnType<typeof node>, body: Uint8Array, headers: [string, string][] = []): SiteAnswer => ({
    status: 200,
    body,
    headers: [...headers, ['Ic-Certificate', certificateHeader({ tree })]],
  })
  const home = assets({ '/index.html': text('home') })

  test.each<[string, string, SiteAnswer]>([
    ['of the path', '/a?b', answer(assets({ '/a': text('content') }), text('content'))],
    ['of the decoded path', '/a%20b', answer(assets({ '/a b': text('content') }), text('content'))],
    ['of the home page, for any other path', '/somewhere', answer(home, text('home'))],
    ['whose content is certified', '/a', answer(assets({ '/a': text('content') }), zipped, [['Content-Encoding', 'gzip']])],
    ['certified as it is encoded', '/a', answer(assets({ '/a': zipped }), zipped, [['Content-Encoding', 'gzip']])],
    ['in an encoding that nobody knows', '/a', answer(assets({ '/a': text('x') }), text('x'), [['content-encoding', 'own']])],
  ])('a body %s verifies', async (_, url, given) => {
    expect(await verify(request(url), given)).toEqual({ version: 1 })
  })

  test.each<[string, string, SiteAnswer, RegExp]>([
    ['of another path', '/b', answer(assets({ '/a': text('content') }), text('content')), /Invalid response body/],
    ['that is another', '/a', answer(assets({ '/a': text('content') }), text('Content')), /Invalid response body/],
    ['that is no gzip', '/a', answer(home, text('home'), [['content-encoding', 'gzip']]), /IO error/],
    ['of a tree without assets', '/a', answer(node([[text('other'), leaf(text('x'))]]), text('x')), /Invalid response body/],
  ])('a body %s does not', async (_, url, given, reason) => {
    await expect(verify(request(url), given)).rejects.toThrow(reason)
  })
})

describe('the certificate', () => {
  const path = exactPath('a')
  const tree = treeOf([[...path, sha256(text(skipExpression))]])
  const withCertificate = (certificate: Uint8Array): SiteAnswer => ({
    status: 200,
    body: text('x'),
    headers: [
      ['IC-CertificateExpression', skipExpression],
      ['IC-Certificate', certificateHeader({ tree, path, version: 2, certificate })],
    ],
  })

  test.each([-driftNanos, 0n, driftNanos])('may be %d nanoseconds off', async (offset) => {
    expect((await verify(request('/a'), withCertificate(certificateOver(digest(tree), certifiedAtNanos + offset)))).version).toBe(2)
  })

  test.each<[string, Uint8Array, RegExp]>([
    ['from too long ago', certificateOver(digest(tree), certifiedAtNanos - driftNanos - 1n), /too far in the past/],
    ['from the future', certificateOver(digest(tree), certifiedAtNanos + driftNanos + 1n), /too far in the future/],
    ['of another tree', certificateOver(sha256(text('other'))), /Invalid tree root hash/],
    ['of another canister', certificateOver(digest(tree), certifiedAtNanos, Principal.canister(5n)), /missing the certified data witness/],
    ['of nothing', text('nothing'), /CBOR/],
  ])('%s is refused', async (_, certificate, reason) => {
    await expect(verify(request('/a'), withCertificate(certificate))).rejects.toThrow(reason)
  })

  test('of another network is refused', async () => {
    const exchange = { request: request('/a'), response: { ...withCertificate(certificateOver(digest(tree))), upgrade: false } }
    const other = Uint8Array.from(rootKey)
    other[100] = (other[100] as number) ^ 1
    await expect(verifyResponse({ ...exchange, canisterId: siteId, rootKey: other, nowNanos: certifiedAtNanos })).rejects.toThrow(
      /Certificate verification failed/,
    )
  })
})

describe('headers that prove nothing', () => {
  const proof = certificateHeader({ tree: treeOf([['x']]), path: exactPath('a'), version: 2 })
  test.each<[string, [string, string][], RegExp]>([
    ['none', [], /Certification values not found/],
    ['an empty one', [['ic-certificate', '']], /Certificate not found/],
    ['a certificate alone', [['ic-certificate', 'certificate=:AQID:']], /Tree not found/],
    ['no base64', [['ic-certificate', 'certificate=:%%%:, tree=:AQID:']], /Base64 decoding error/],
    ['no tree', [['ic-certificate', 'certificate=:AQID:, tree=:AQID:']], /CBOR decoding failed/],
    ['version 3', [['ic-certificate', proof.replace('version=2', 'version=3')]], /verification version 3 is not supported/],
    ['version x', [['ic-certificate', proof.replace('version=2', 'version=x')]], /Error parsing int/],
    ['no expression', [['ic-certificate', proof]], /Certificate expression not found/],
    [
      'no path',
      [
        ['ic-certificate', proof.replace(/, expr_path=:[^:]*:/, '')],
        ['ic-certificateexpression', skipExpression],
      ],
      /Certificate expression path not found/,
    ],
  ])('%s', async (_, headers, reason) => {
    await expect(verify(request('/a'), { status: 200, body: text('x'), headers })).rejects.toThrow(reason)
  })
})

describe('certificate expressions', () => {
  const answer = (expression: string): SiteAnswer => certifiedAnswer({ path: exactPath('a'), expression, certifiedNames: [] })
  const response = 'response_certification:ResponseCertification{certified_response_headers:ResponseHeaderList{headers:[]}}'

  test.each([
    ` default_certification ( ValidationArgs { certification : Certification { no_request_certification : Empty { } , ${response} } } ) `,
    `default_certification(ValidationArgs{certification:Certification{${response},no_request_certification:Empty{}}}) and more`,
    responseExpression([]),
  ])('%s is understood', async (expression) => {
    expect((await verify(request('/a'), answer(expression))).version).toBe(2)
  })

  test.each([
    '',
    'something',
    'default_certification',
    'default_certification()',
    'other_certification(ValidationArgs{no_certification:Empty{}})',
    'default_certification(Other{no_certification:Empty{}})',
    'default_certification(ValidationArgs{})',
    `default_certification(ValidationArgs{no_certification:Empty{},certification:Certification{}})`,
    `default_certification(ValidationArgs{certification:Certification{${response}}})`,
    'default_certification(ValidationArgs{certification:Certification{no_request_certification:Empty{}}})',
    'default_certification(ValidationArgs{certification:Certification{no_request_certification:Empty{},response_certification:ResponseCertification{}}})',
    responseExpression([]).replace('headers:[]', 'headers:{}'),
    responseExpression([]).replace('headers:[]', 'headers:["a",]'),
    responseExpression([]).replace('headers:[]', 'headers:["a b"]'),
    responseExpression([]).replace('headers:[]', 'headers:[["a"]]'),
    responseExpression([]).slice(0, -2),
    `default_certification(${'['.repeat(100)}`,
  ])('%s is not', async (expression) => {
    await expect(verify(request('/a'), answer(expression))).rejects.toThrow(/Cel parser error/)
  })
})

test('on trees and paths of any shape ours and the public verifier agree', async () => {
  const segment = fc.constantFrom('', 'a', 'b')
  const path = fc
    .tuple(fc.array(segment, { maxLength: 3 }), fc.constantFrom('<$>', '<*>'))
    .map(([list, end]) => ['http_expr', ...list, end])
  const url = fc.array(segment, { minLength: 1, maxLength: 4 }).map((list) => `/${list.join('/')}`)
  await fc.assert(
    fc.asyncProperty(url, path, fc.array(path, { maxLength: 3 }), fc.boolean(), async (asked, at, others, hides) => {
      const shown = hides ? { shown: [at.map(text), exactPath(...asked.slice(1).split('/')).map(text)] } : {}
      await verify(request(asked), certified(at, { others, ...shown })).catch((error: unknown) => {
        if (!(error instanceof VerificationError)) throw error
      })
    }),
    { numRuns: 150 },
  )
})
