/** HTTP requests of canisters, answered by a test. */
import { managementCanisterId } from '@tidemark/types'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { decodeManagement, encodeManagement, program } from '../../../tests/support/index.ts'
import type { JsonValue } from '../src/wire/json.ts'
import { base64, type Client, createClient, createFixture, type Fixture, replyOf } from './support/client.ts'

interface Outcall {
  readonly subnet_id: { readonly subnet_id: string }
  readonly request_id: number
}

const request = encodeManagement('http_request', {
  url: 'https://example.com/?q=1',
  method: { post: null },
  headers: [{ name: 'accept', value: 'text/plain' }],
  body: [Uint8Array.of(1, 2)],
  max_response_bytes: [1_000n],
  transform: [],
  is_replicated: [],
  pricing_version: [],
})
const reply = { CanisterHttpReply: { status: 200, headers: [{ name: 'x', value: 'y' }], body: base64('hello') } }

let client: Client
let fixture: Fixture
let messageId: JsonValue

beforeEach(async () => {
  client = createClient()
  fixture = await createFixture(client)
  const body = program().call(managementCanisterId, 'http_request', request, {
    cycles: 10n ** 12n,
    onReply: program().read('msg_arg_data').replyTop(),
    onReject: program().read('msg_reject_msg').replyTop(),
  })
  const submitted = await client.post(`${fixture.path}/update/submit_ingress_message`, fixture.call('update', body.bytes()))
  messageId = (submitted.body as { Ok: JsonValue }).Ok
})

afterEach(() => client.close())

async function pending(): Promise<readonly Outcall[]> {
  return (await client.get(`${fixture.path}/read/get_canister_http`)).body as readonly Outcall[]
}

async function onlyOutcall(): Promise<Outcall> {
  await client.post(`${fixture.path}/update/tick`, {})
  await client.post(`${fixture.path}/update/tick`, {})
  const [outcall] = await pending()
  if (outcall === undefined) throw new Error('no outcall')
  return outcall
}

const mock = async (body: JsonValue) => client.post(`${fixture.path}/update/mock_canister_http`, body)
const mockGroup = async (body: JsonValue) => client.post(`${fixture.path}/update/mock_flexible_canister_http`, body)
const answer = async () => replyOf(await client.post(`${fixture.path}/update/await_ingress_message`, messageId))

test('a request is listed after the round that made it, and not before', async () => {
  expect(await pending()).toEqual([])
  const { subnet_id, request_id } = await onlyOutcall()
  expect(await pending()).toEqual([
    {
      subnet_id,
      request_id,
      http_method: 'POST',
      url: 'https://example.com/?q=1',
      headers: [{ name: 'accept', value: 'text/plain' }],
      body: 'AQI=',
      max_response_bytes: 1000,
      replication: 'FullyReplicated',
      pricing_version: 'Legacy',
    },
  ])
})

test('the canister gets the response', async () => {
  const { subnet_id, request_id } = await onlyOutcall()
  expect(await mock({ subnet_id, request_id, response: reply, additional_responses: [] })).toEqual({ status: 200, body: null })
  expect(await pending()).toEqual([])
  expect(decodeManagement('http_request', await answer())).toMatchObject({ status: 200n, headers: [{ name: 'x', value: 'y' }] })
})

test('the canister gets the reject', async () => {
  const { subnet_id, request_id } = await onlyOutcall()
  const response = { CanisterHttpReject: { reject_code: 2, message: 'no route' } }
  expect(await mock({ subnet_id, request_id, response, additional_responses: [] })).toEqual({ status: 200, body: null })
  expect(Buffer.from(await answer()).toString()).toBe('no route')
})

test.each([
  ['an unknown request', { request_id: 77 }, /^InvalidCanisterHttpRequestId\(\(.+, 77\)\)$/],
  ['another subnet', { subnet_id: { subnet_id: 'BA==' } }, /^SubnetNotFound\(2vxsx-fae\)$/],
  ['a reject code that is none', { response: { CanisterHttpReject: { reject_code: 9, message: '' } } }, /^InvalidRejectCode\(9\)$/],
  [
    'a reject text that no node would pass on',
    { response: { CanisterHttpReject: { reject_code: 2, message: 'x'.repeat(1025) } } },
    /^CanisterHttpRejectMessageTooLong\(\(1025, 1024\)\)$/,
  ],
  ['responses of too few nodes', { additional_responses: [reply] }, /^InvalidMockCanisterHttpResponses\(\(2, 13\)\)$/],
])('%s is refused', async (_title, members, message) => {
  const { subnet_id, request_id } = await onlyOutcall()
  const answered = await mock({ subnet_id, request_id, response: reply, additional_responses: [], ...members })
  expect(answered).toEqual({ status: 400, body: { message: expect.stringMatching(message) } })
  expect(await pending()).toHaveLength(1)
})

test('the same response of all nodes counts', async () => {
  const { subnet_id, request_id } = await onlyOutcall()
  const additional = Array.from({ length: 12 }, () => reply)
  expect(await mock({ subnet_id, request_id, response: reply, additional_responses: additional })).toEqual({ status: 200, body: null })
})

test('answers for a group are refused where all nodes ask', async () => {
  const { subnet_id, request_id } = await onlyOutcall()
  const answered = await mockGroup({ subnet_id, request_id, responses: [reply] })
  expect(answered).toEqual({ status: 400, body: { message: expect.stringMatching(/^NotAFlexibleCanisterHttpRequest/) } })
})
