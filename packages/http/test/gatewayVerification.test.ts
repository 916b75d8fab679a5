import { IDL } from '@dfinity/candid'
import { sha256 } from '@noble/hashes/sha2.js'
import { digest, type LabeledTree, leaf, node, text } from '@tidemark/certification'
import { afterEach, describe, expect, test } from 'vitest'
import { answerHash, certificateHeader, responseExpression, siteId, skipExpression, treeOf } from './support/certifiedAnswers.ts'
import { startNetwork, type TestNetwork } from './support/network.ts'

// A canister that certifies its answers with a certificate of the network that it runs on.
type Headers = [string, string][]
interface Page {
  readonly status?: number
  readonly headers?: Headers
  readonly body: string
  /** Body that is sent in the place of the certified one. */
  readonly sends?: string
}

const answerType = IDL.Record({
  status_code: IDL.Nat16,
  headers: IDL.Vec(IDL.Tuple(IDL.Text, IDL.Text)),
  body: IDL.Vec(IDL.Nat8),
})
const requestType = IDL.Record({ url: IDL.Text, headers: IDL.Vec(IDL.Tuple(IDL.Text, IDL.Text)) })

let network: TestNetwork | undefined
afterEach(() => network?.stop())

/** Serves `pages`, by the path or, for parts of one body, by path and range. */
function serve(
  tree: LabeledTree,
  answerOf: (key: string, certificate: Uint8Array) => Page,
): (path: string, init?: RequestInit) => Promise<Response> {
  const started = startNetwork()
  network = started
  started.replica.canisters.set(siteId.key, {
    certifiedData: digest(tree),
    queries: {
      http_request: (arg) => {
        const [{ url, headers }] = IDL.decode([requestType], arg) as unknown as [{ url: string; headers: Headers }]
        const range = headers.find(([name]) => name.toLowerCase() === 'range')?.[1] ?? ''
        const certificate = started.replica.certificate([[text('canister'), siteId.bytes, text('certified_data')]])
        const { status = 200, headers: sent = [], body, sends = body } = answerOf(`${url}${range}`, certificate)
        return IDL.encode([answerType], [{ status_code: status, headers: sent, body: text(sends) }])
      },
    },
  })
  return (path, init) => started.fetch(path.startsWith('/') ? `http://${siteId.toText()}.localhost:8000${path}` : path, init)
}

const expression = responseExpression(['content-range', 'location', 'x-own'])
const certifiedNames = ['content-range', 'location', 'x-own']

/** Certifies pages by version 2, each at its exact path; `shown` is what is sent instead of what is certified. */
function certifiedSite(pages: Record<string, Page>): (path: string, init?: RequestInit) => Promise<Response> {
  const pathOf = (key: string): string[] => [
    'http_expr',
    ...key
      .replace(/bytes=.*$/, '')
      .slice(1)
      .split('/'),
    '<$>',
  ]
  const paths = Object.entries(pages).map(([key, { status = 200, headers = [], body }]) => {
    const certified: Headers = headers.map(([name, value]): [string, string] => [name.toLowerCase(), value])
    const kept = certified.filter(([name]) => certifiedNames.includes(name))
    const hash = answerHash(status, [...kept, ['ic-certificateexpression', expression]], text(body))
    return [...pathOf(key), sha256(text(expression)), new Uint8Array(), hash]
  })
  const tree = treeOf(paths)
  return serve(tree, (key, certificate) => {
    const page = pages[key] ?? { body: 'nothing', status: 404 }
    const proof = certificateHeader({ tree, path: pathOf(key), version: 2, certificate })
    return { ...page, headers: [...(page.headers ?? []), ['IC-CertificateExpression', expression], ['IC-Certificate', proof]] }
  })
}

async function expectRefused(response: Response, reason: RegExp): Promise<void> {
  expect([response.status, response.headers.get('x-ic-error-cause')]).toEqual([503, 'backend_response_verification'])
  expect(await response.json()).toMatchObject({ error_type: 'backend_response_verification', details: expect.stringMatching(reason) })
}

describe('an answer that is certified by version 2', () => {
  const own: Headers = [
    ['X-Own', 'certified'],
    ['X-Other', 'not certified'],
  ]

  test('reaches the client with its certified headers only', async () => {
    const response = await certifiedSite({ '/a': { body: 'content', headers: own } })('/a')
    expect([response.status, await response.text()]).toEqual([200, 'content'])
    expect([response.headers.get('x-own'), response.headers.get('x-other')]).toEqual(['certified', null])
    expect(response.headers.get('ic-certificate')).toMatch(/^certificate=:/)
    expect(response.headers.get('x-ic-canister-id')).toBe(siteId.toText())
  })

  test('reaches a client of the raw host with all headers', async () => {
    const fetch = certifiedSite({ '/a': { body: 'content', headers: own } })
    const response = await fetch(`http://${siteId.toText()}.raw.localhost/a`)
    expect(response.headers.get('x-other')).toBe('not certified')
  })

  test('may be a redirect', async () => {
    const response = await certifiedSite({ '/a': { status: 301, body: '', headers: [['Location', '/b']] } })('/a')
    expect([response.status, response.headers.get('location')]).toEqual([301, '/b'])
  })

  test('is refused with another body, and comes through the raw host', async () => {
    const fetch = certifiedSite({ '/a': { body: 'content', sends: 'forged' } })
    await expectRefused(await fetch('/a'), /hash of the request and response was not found/)
    expect(await (await fetch(`http://${siteId.toText()}.raw.localhost/a`)).text()).toBe('forged')
  })

  test('is refused for another path', async () => {
    await expectRefused(await certifiedSite({ '/a': { body: 'content' } })('/b'), /not found in the tree/)
  })

  test('passes as it is when the canister certified to certify nothing', async () => {
    const path = ['http_expr', '<*>']
    const tree = treeOf([[...path, sha256(text(skipExpression))]])
    const fetch = serve(tree, (_, certificate) => ({
      body: 'anything',
      headers: [
        ['X-Any', 'header'],
        ['IC-CertificateExpression', skipExpression],
        ['IC-Certificate', certificateHeader({ tree, path, version: 2, certificate })],
      ],
    }))
    const response = await fetch('/where/ever')
    expect([await response.text(), response.headers.get('x-any')]).toEqual(['anything', 'header'])
  })
})

describe('an answer that is certified by version 1', () => {
  const tree = node([[text('http_assets'), node([[text('/a'), leaf(sha256(text('content')))]])]])
  const site = (page: Page): ReturnType<typeof serve> =>
    serve(tree, (_, certificate) => ({
      ...page,
      headers: [...(page.headers ?? []), ['Ic-Certificate', certificateHeader({ tree, certificate })]],
    }))

  test('reaches the client with its headers, but for what caches would do with them', async () => {
    const headers: Headers = [
      ['X-Other', 'not certified'],
      ['Cache-Control', 'max-age=60'],
    ]
    const response = await site({ body: 'content', headers })('/a')
    expect(await response.text()).toBe('content')
    expect([response.headers.get('x-other'), response.headers.get('cache-control')]).toEqual(['not certified', null])
  })

  test('may be no redirect', async () => {
    await expectRefused(await site({ status: 302, body: 'content', headers: [['Location', '/b']] })('/a'), /does not allow redirects/)
  })

  test('is refused with another body', async () => {
    await expectRefused(await site({ body: 'forged' })('/a'), /Invalid response body/)
  })
})

test('an answer without any proof is refused', async () => {
  await expectRefused(await serve(node(), () => ({ body: 'plain' }))('/'), /Certification values not found/)
})

describe('a body that the canister gives in ranges', () => {
  const part = (from: number, body: string, sends = body): Page => ({
    status: 206,
    body,
    sends,
    headers: [['Content-Range', `bytes ${from}-${from + body.length - 1}/10`]],
  })

  test('is verified range by range and put together', async () => {
    const fetch = certifiedSite({ '/big': part(0, '0123'), '/bigbytes=4-': part(4, '4567'), '/bigbytes=8-': part(8, '89') })
    const response = await fetch('/big')
    expect([response.status, response.headers.get('content-length'), response.headers.get('content-range')]).toEqual([200, '10', null])
    expect(await response.text()).toBe('0123456789')
  })

  test('may overlap', async () => {
    const fetch = certifiedSite({ '/big': part(0, '0123'), '/bigbytes=4-': part(2, '234567'), '/bigbytes=8-': part(8, '89') })
    expect(await (await fetch('/big')).text()).toBe('0123456789')
  })

  test('ends with an error at a range that does not verify', async () => {
    const fetch = certifiedSite({ '/big': part(0, '0123'), '/bigbytes=4-': part(4, '4567', '4x67'), '/bigbytes=8-': part(8, '89') })
    await expect((await fetch('/big')).text()).rejects.toThrow('does not verify')
  })

  test('has its length for HEAD', async () => {
    const response = await certifiedSite({ '/big': part(0, '0123') })('/big', { method: 'HEAD' })
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '10', ''])
  })

  test('is passed on range by range to a client that asks for one', async () => {
    const fetch = certifiedSite({ '/big': part(0, '0123'), '/bigbytes=4-': part(4, '4567') })
    const response = await fetch('/big', { headers: { range: 'bytes=4-' } })
    expect([response.status, response.headers.get('content-range'), await response.text()]).toEqual([206, 'bytes 4-7/10', '4567'])
  })
})
