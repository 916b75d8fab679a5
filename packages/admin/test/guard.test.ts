/** Who is let in: the owner's programs, and nothing that a page in a browser on the same machine can send. */
import { describe, expect, test } from 'vitest'
import { assertLoopback } from '../src/index.ts'
import { administered, port, token } from './support/adminOf.ts'

const { handler, net } = administered()

async function refusalOf(asked: Request): Promise<[status: number, code: string]> {
  const response = await handler(asked)
  const { error } = (await response.json()) as { error: { code: string } }
  return [response.status, error.code]
}

function request(host: string, headers: Record<string, string>, init: RequestInit = {}): Request {
  return new Request(`http://${host}/admin/v1/status`, { ...init, headers: { authorization: `Bearer ${token}`, ...headers } })
}

describe('the address that was asked for', () => {
  test.each([`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`])('%s is this machine', async (host) => {
    expect((await handler(request(host, {}))).status).toBe(200)
  })

  test.each([
    'evil.example',
    `evil.example:${port}`,
    `127.0.0.1.evil.example:${port}`,
    '127.0.0.1',
    '127.0.0.1:1',
    `0.0.0.0:${port}`,
    `x.localhost:${port}`,
  ])('%s was made to point here', async (host) => {
    expect(await refusalOf(request(host, {}))).toEqual([403, 'forbidden_host'])
  })

  test('counts by the header, too, when the request line says otherwise', async () => {
    expect(await refusalOf(request(`127.0.0.1:${port}`, { host: 'evil.example' }))).toEqual([403, 'forbidden_host'])
  })
})

describe('the origin', () => {
  test.each([
    'http://evil.example',
    'null',
    `http://127.0.0.1:1`,
    `https://127.0.0.1:${port}`,
    `http://bkyz2-fmaaa-aaaaa-qaaaq-cai.localhost:${port}`,
  ])('%s is a page that has no business here, even with the token', async (origin) => {
    expect(await refusalOf(request(`127.0.0.1:${port}`, { origin }))).toEqual([403, 'forbidden_origin'])
  })

  test.each(['cross-site', 'same-site'])('a request that the browser calls %s is refused without an origin, too', async (site) => {
    expect(await refusalOf(request(`127.0.0.1:${port}`, { 'sec-fetch-site': site }))).toEqual([403, 'forbidden_origin'])
  })

  test('nothing that is answered lets pages read it', async () => {
    const asked = new Request(`http://127.0.0.1:${port}/admin/v1/status`, {
      method: 'OPTIONS',
      headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
    })
    const response = await handler(asked)
    expect(response.status).toBe(403)
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin')
  })
})

describe('the token', () => {
  test.each([
    ['none', {}],
    ['another', { authorization: 'Bearer the-tokem' }],
    ['a longer one', { authorization: `Bearer ${token}x` }],
    ['another scheme', { authorization: `Basic ${token}` }],
    ['an empty one', { authorization: 'Bearer ' }],
    ['one in a cookie', { cookie: `token=${token}` }],
  ])('%s: refused', async (_, headers) => {
    const response = await handler(new Request(`http://127.0.0.1:${port}/admin/v1/status`, { headers: headers as Record<string, string> }))
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  })

  test('in the address does not count', async () => {
    const response = await handler(new Request(`http://127.0.0.1:${port}/admin/v1/status?token=${token}`))
    expect(response.status).toBe(401)
  })
})

describe('requests that browsers send without asking first', () => {
  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])('%s changes nothing', async (type) => {
    const before = net.replica.round()
    const response = await handler(
      new Request(`http://127.0.0.1:${port}/admin/v1/rounds`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': type },
        body: '{"rounds":1}',
      }),
    )
    expect([response.status, net.replica.round()]).toEqual([415, before])
  })

  test('a GET never changes anything', async () => {
    for (const path of ['time/pause', 'time/advance', 'rounds', 'reset', 'snapshots/x/load']) {
      const response = await handler(
        new Request(`http://127.0.0.1:${port}/admin/v1/${path}`, { headers: { authorization: `Bearer ${token}` } }),
      )
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    }
  })
})

describe('where it listens', () => {
  test.each(['127.0.0.1', '127.1.2.3', '::1'])('%s is loopback', (host) => {
    expect(() => assertLoopback(host)).not.toThrow()
  })

  test.each(['0.0.0.0', '::', '192.168.0.2', 'localhost.evil.example', '127.0.0.1.evil.example', ''])('"%s" is not', (host) => {
    expect(() => assertLoopback(host)).toThrow(RangeError)
  })
})
