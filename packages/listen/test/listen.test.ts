import { afterEach, describe, expect, test } from 'vitest'
import { type FetchHandler, type NodeServer, type WholeAnswer, type WholeRequest, listen } from '../src/index.ts'

const servers: NodeServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function serve(handler: FetchHandler, failures: unknown[] = []): Promise<string> {
  const server = await listen({ host: '127.0.0.1', port: 0 }, handler, (error) => failures.push(error))
  servers.push(server)
  return `http://127.0.0.1:${server.port}`
}

describe('a function behind a socket', () => {
  test('gets method, address, headers and body, and its answer comes back whole', async () => {
    const origin = await serve(async (request) => {
      const body = new Uint8Array(await request.arrayBuffer())
      return new Response(body.toReversed(), {
        status: 201,
        headers: { 'x-seen': `${request.method} ${new URL(request.url).search} ${request.headers.get('x-sent')}` },
      })
    })
    const response = await fetch(`${origin}/path?a=1`, { method: 'POST', headers: { 'x-sent': 'yes' }, body: new Uint8Array([1, 2, 3]) })
    expect(response.status).toBe(201)
    expect(response.headers.get('x-seen')).toBe('POST ?a=1 yes')
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([3, 2, 1])
  })

  test('keeps several cookies apart', async () => {
    const headers = new Headers([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ])
    const origin = await serve(async () => new Response('', { headers }))
    expect((await fetch(origin)).headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  })

  test('that fails becomes a plain 500, and is told to whoever listens', async () => {
    const failures: unknown[] = []
    const origin = await serve(async () => {
      throw new Error('inside')
    }, failures)
    const response = await fetch(origin)
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('inside')
    expect(failures).toEqual([new Error('inside')])
  })
})

test('a taken port is the error of the system', async () => {
  const origin = await serve(async () => new Response(''))
  const port = Number(new URL(origin).port)
  await expect(
    listen(
      { host: '127.0.0.1', port },
      async () => new Response(''),
      () => {},
    ),
  ).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('after closing nobody answers', async () => {
  const server = await listen(
    { host: '127.0.0.1', port: 0 },
    async () => new Response('x'),
    () => {},
  )
  await server.close()
  await expect(fetch(`http://127.0.0.1:${server.port}`)).rejects.toThrow()
})

describe('a handler with a shorter way', () => {
  const seen: unknown[] = []
  const handler: FetchHandler = Object.assign(
    async (request: Request) => new Response(`long ${(await request.arrayBuffer()).byteLength}`),
    {
      whole: ({ method, path, contentType, header, body }: WholeRequest): Promise<WholeAnswer> | undefined => {
        if (!path.startsWith('/short')) return undefined
        seen.push([method, path, contentType, header('x-more'), header('x-none'), [...body]])
        return Promise.resolve({ status: 207, headers: { 'x-way': 'short' }, body: Uint8Array.of(9) })
      },
    },
  )

  test('goes it for requests that are here whole, and that it takes', async () => {
    const origin = await serve(handler)
    const headers = { 'content-type': 'a/b', 'X-More': 'some' }
    const response = await fetch(`${origin}/short?x=1`, { method: 'POST', headers, body: new Uint8Array([1, 2]) })
    expect([response.status, response.headers.get('x-way'), [...new Uint8Array(await response.arrayBuffer())]]).toEqual([207, 'short', [9]])
    expect(seen).toEqual([['POST', '/short?x=1', 'a/b', 'some', undefined, [1, 2]]])
    expect(await (await fetch(`${origin}/else`, { method: 'POST', body: new Uint8Array(5) })).text()).toBe('long 5')
  })

  test('goes the long way without a body, and with one of a length that is unknown or great', async () => {
    const origin = await serve(handler)
    expect(await (await fetch(`${origin}/short`)).text()).toBe('long 0')
    const body = new Uint8Array(300_000)
    expect(await (await fetch(`${origin}/short`, { method: 'POST', body })).text()).toBe('long 300000')
    const stream = new Blob([new Uint8Array(7)]).stream()
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: stream, duplex: 'half' }
    expect(await (await fetch(`${origin}/short`, init)).text()).toBe('long 7')
  })
})
