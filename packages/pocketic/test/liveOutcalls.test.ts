/** HTTP requests of canisters of an instance that progresses by itself reach their servers. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { managementCanisterId } from '@tidemark/types'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { decodeManagement, encodeManagement, program } from '../../../tests/support/index.ts'
import type { JsonValue } from '../src/wire/json.ts'
import { type Client, createClient, createFixture, type Fixture, replyOf } from './support/client.ts'
import { eventually } from './support/server.ts'

let server: Server
let port: number
let seen: { readonly request: IncomingMessage; readonly body: string }[]
let client: Client
let fixture: Fixture

beforeEach(async () => {
  seen = []
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (part: Buffer) => (body += part.toString()))
    request.on('end', () => {
      seen.push({ request, body })
      if (request.url === '/moved') response.writeHead(302, { location: '/elsewhere' }).end()
      else response.writeHead(201, { 'x-answer': 'yes' }).end('x'.repeat(request.url === '/long' ? 5_000 : 5))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
  client = createClient()
  fixture = await createFixture(client)
  await client.post(`${fixture.path}/auto_progress`, { artificial_delay_ms: null })
})

afterEach(async () => {
  await client.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

/** Has the canister send a request; what it got is its answer. */
async function ask(url: string, method: 'get' | 'post' = 'get'): Promise<Uint8Array> {
  const request = encodeManagement('http_request', {
    url,
    method: { [method]: null },
    headers: [{ name: 'X-Asked', value: 'once' }],
    body: method === 'post' ? [Uint8Array.from(Buffer.from('a body'))] : [],
    max_response_bytes: [1_000n],
    transform: [],
    is_replicated: [],
    pricing_version: [],
  })
  const body = program().call(managementCanisterId, 'http_request', request, {
    cycles: 10n ** 12n,
    onReply: program().read('msg_arg_data').replyTop(),
    onReject: program().read('msg_reject_msg').replyTop(),
  })
  const { body: submitted } = await client.post(`${fixture.path}/update/submit_ingress_message`, fixture.call('update', body.bytes()))
  const { Ok: id } = submitted as { Ok: JsonValue }
  return eventually(async () => {
    const status = await client.post(`${fixture.path}/read/ingress_status`, { raw_message_id: id, raw_caller: null })
    return status.status === 200 && status.body !== null ? replyOf(status) : undefined
  })
}

const answerOf = (bytes: Uint8Array) => decodeManagement('http_request', bytes) as { status: bigint; headers: object[]; body: Uint8Array }

test('a request arrives as it was written, and the answer comes back', async () => {
  const { status, headers, body } = answerOf(await ask(`http://127.0.0.1:${port}/path?q=1`, 'post'))
  expect([status, Buffer.from(body).toString()]).toEqual([201n, 'xxxxx'])
  expect(headers).toContainEqual({ name: 'x-answer', value: 'yes' })
  expect(seen).toHaveLength(1)
  expect(seen[0]).toMatchObject({ body: 'a body', request: { method: 'POST', url: '/path?q=1', headers: { 'x-asked': 'once' } } })
  expect(seen[0]?.request.headers['accept-encoding']).toBe('identity')
})

test('a redirection is an answer like any other', async () => {
  expect(answerOf(await ask(`http://127.0.0.1:${port}/moved`)).status).toBe(302n)
  expect(seen).toHaveLength(1)
})

test('a body beyond the limit is a reject', async () => {
  expect(new TextDecoder().decode(await ask(`http://127.0.0.1:${port}/long`))).toBe('Http body exceeds size limit of 1000 bytes.')
})

test('a server that is not there is a reject', async () => {
  expect(new TextDecoder().decode(await ask('http://127.0.0.1:1/'))).toMatch(/^Connecting to 127\.0\.0\.1:1 failed: /)
})
