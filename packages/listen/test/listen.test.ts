import { afterEach, describe, expect, test } from 'vitest'
import { type FetchHandler, type NodeServer, listen } from '../src/index.ts'

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
