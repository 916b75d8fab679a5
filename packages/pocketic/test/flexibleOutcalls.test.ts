/** HTTP requests of groups of nodes, answered by a test. */
import { managementCanisterId } from '@tidemark/types'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { decodeManagement, encodeManagement, program } from '../../../tests/support/index.ts'
import type { JsonValue } from '../src/wire/json.ts'
import { base64, type Client, createClient, createFixture, type Fixture, replyOf } from './support/client.ts'

const request = encodeManagement('flexible_http_request', {
  url: 'example.com',
  method: { get: null },
  headers: [],
  body: [],
  max_response_bytes: [],
  transform: [],
  replication: [{ total_requests: 4, min_responses: 2, max_responses: 3 }],
})
const reply = (text: string): JsonValue => ({ CanisterHttpReply: { status: 200, headers: [], body: base64(text) } })

let client: Client
let fixture: Fixture
let messageId: JsonValue
let ids: { readonly subnet_id: JsonValue; readonly request_id: number }

const pending = async () => (await client.get(`${fixture.path}/read/get_canister_http`)).body as readonly (typeof ids)[]
const mock = async (responses: JsonValue) =>
  client.post(`${fixture.path}/update/mock_flexible_canister_http`, { ...ids, responses } as unknown as JsonValue)
const answer = async () => {
  const bytes = replyOf(await client.post(`${fixture.path}/update/await_ingress_message`, messageId))
  return decodeManagement('flexible_http_request', bytes) as { ok: { body: Uint8Array }[] } | { err: { message: string } }
}

beforeEach(async () => {
  client = createClient()
  fixture = await createFixture(client)
  const body = program().call(managementCanisterId, 'flexible_http_request', request, {
    cycles: 10n ** 12n,
    onReply: program().read('msg_arg_data').replyTop(),
    onReject: program().read('msg_reject_msg').sys('msg_reject'),
  })
  const submitted = await client.post(`${fixture.path}/update/submit_ingress_message`, fixture.call('update', body.bytes()))
  messageId = (submitted.body as { Ok: JsonValue }).Ok
  for (let round = 0; round < 2; round++) await client.post(`${fixture.path}/update/tick`, {})
  const [outcall] = await pending()
  if (outcall === undefined) throw new Error('no outcall')
  expect(outcall).toMatchObject({
    url: 'example.com',
    replication: { Flexible: { total_requests: 4, min_responses: 2, max_responses: 3 } },
    pricing_version: 'PayAsYouGo',
  })
  ids = { subnet_id: outcall.subnet_id, request_id: outcall.request_id }
})

afterEach(() => client.close())

test('every node answers for itself', async () => {
  expect(await mock([reply('ccc'), reply('a'), reply('bb'), reply('dddd')])).toEqual({ status: 200, body: null })
  expect(await pending()).toEqual([])
  const result = await answer()
  expect('ok' in result ? result.ok.map(({ body }) => new TextDecoder().decode(Uint8Array.from(body))) : result).toEqual(['a', 'bb', 'ccc'])
})

test('one answer for all nodes is taken, too', async () => {
  const answered = await client.post(`${fixture.path}/update/mock_canister_http`, {
    ...ids,
    response: reply('same'),
    additional_responses: [],
  } as unknown as JsonValue)
  expect(answered).toEqual({ status: 200, body: null })
  const result = await answer()
  expect('ok' in result ? result.ok.length : result).toBe(3)
})

test('more answers than nodes are refused', async () => {
  const answered = await mock([1, 2, 3, 4, 5].map((n) => reply(`${n}`)))
  expect(answered).toEqual({ status: 400, body: { message: 'TooManyMockCanisterHttpResponses((5, 4))' } })
  expect(await pending()).toHaveLength(1)
})
