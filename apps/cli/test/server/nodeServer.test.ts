import { request } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { type FetchHandler, listen, type NodeServer } from '../../src/server/nodeServer.ts'

const open: NodeServer[] = []
const failures: unknown[] = []

async function serve(handler: FetchHandler): Promise<string> {
  const server = await listen({ host: '127.0.0.1', port: 0 }, handler, (error) => failures.push(error))
  open.push(server)
  return `http://127.0.0.1:${server.port}`
}

afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
  failures.length = 0
})

test('method, address, headers and body reach the handler, its answer the client', async () => {
  const url = await serve(async (asked) => {
    const headers = new Headers({ 'x-seen': asked.headers.get('x-mine') ?? '' })
    headers.append('set-cookie', 'a=1')
    headers.append('set-cookie', 'b=2')
    return new Response(`${asked.method} ${asked.url} ${await asked.text()}`, { status: 201, headers })
  })
  const answer = await fetch(`${url}/a%20b?c=d`, { method: 'POST', body: 'hello', headers: { 'x-mine': 'yes' } })
  expect([answer.status, answer.headers.get('x-seen'), answer.headers.getSetCookie()]).toEqual([201, 'yes', ['a=1', 'b=2']])
  expect(await answer.text()).toBe(`POST ${url}/a%20b?c=d hello`)
})

test('the host that was asked for is part of the address', async () => {
  const url = await serve((asked) => Promise.resolve(new Response(new URL(asked.url).hostname)))
  const { port } = new URL(url)
  const text = await new Promise<string>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/', headers: { host: `x.localhost:${port}` } }, (answer) => {
      answer.setEncoding('utf8').once('data', resolve)
    })
      .once('error', reject)
      .end()
  })
  expect(text).toBe('x.localhost')
})

test('a body streams through in both directions', async () => {
  const url = await serve((asked) => Promise.resolve(new Response(asked.body)))
  const megabytes = new Uint8Array(3_000_000).map((_, index) => index)
  const answer = await fetch(url, { method: 'POST', body: megabytes })
  expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), Buffer.from(megabytes))).toBe(0)
})

test('a connection goes on after an answer that left the request unread', async () => {
  const url = await serve((asked) => Promise.resolve(new Response(asked.method)))
  for (let i = 0; i < 3; i++) expect(await (await fetch(url, { method: 'POST', body: 'x'.repeat(200_000) })).text()).toBe('POST')
})

describe('what goes wrong', () => {
  test('a failing handler is a plain 500', async () => {
    const url = await serve(() => Promise.reject(new Error('broken')))
    const answer = await fetch(url)
    expect([answer.status, await answer.text()]).toEqual([500, 'The network could not answer this request.\n'])
    expect(failures).toHaveLength(1)
  })

  test('a taken port says so, and what to do', async () => {
    const { port } = new URL(await serve(() => Promise.resolve(new Response())))
    const second = listen(
      { host: '127.0.0.1', port: Number(port) },
      () => Promise.resolve(new Response()),
      () => {},
    )
    await expect(second).rejects.toMatchObject({
      message: `Port ${port} is taken.`,
      remedy: expect.stringContaining('--host 127.0.0.1:4943'),
      exitCode: 1,
    })
  })

  test('an address of another machine', async () => {
    await expect(
      listen(
        { host: '192.0.2.1', port: 0 },
        () => Promise.resolve(new Response()),
        () => {},
      ),
    ).rejects.toThrow('This machine has no address 192.0.2.1.')
  })
})
