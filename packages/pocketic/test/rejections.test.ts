/** Requests that are refused before it is known what they ask for: a status, and a text that is the whole answer. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type JsonValue, printJson } from '../src/wire/json.ts'
import { applicationSubnet, base64, type Client, createClient, createInstance } from './support/client.ts'

let client: Client

beforeAll(async () => {
  client = createClient()
  await createInstance(client)
})

afterAll(() => client.close())

async function plain(method: string, path: string, body?: JsonValue): Promise<{ status: number; type: string | null; text: string }> {
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : printJson(body) }
  const answered = await client.request(path, { method, ...sent })
  return { status: answered.status, type: answered.headers.get('content-type'), text: await answered.text() }
}

const canister = base64(Uint8Array.from([255, 255, 255, 255, 255, 224, 0, 0, 1, 1]))
const call = { sender: 'BA==', canister_id: canister, effective_principal: 'None', method: 'm', payload: '' }
const syntax = 'Failed to parse the request body as JSON: '
const types = 'Failed to deserialize the JSON body into the target type: '

describe('bodies', () => {
  test.each<[string, string, JsonValue, number, string]>([
    ['no JSON', 'update/set_time', '{', 400, syntax],
    ['JSON with more behind it', 'update/set_time', '{} {}', 400, syntax],
    ['another kind of JSON', 'update/set_time', '[1]', 422, `${types}invalid type: sequence, expected a JSON object`],
    ['a text in place of an object', 'update/set_time', '"x"', 422, `${types}invalid type: string "x", expected a JSON object`],
    ['a member that is missing', 'update/set_time', {}, 422, `${types}missing field \`nanos_since_epoch\``],
    ['a member that is null', 'read/get_cycles', { canister_id: null }, 422, `${types}canister_id: invalid type: null, expected a string`],
    [
      'a time in words',
      'update/set_time',
      { nanos_since_epoch: 'now' },
      422,
      `${types}nanos_since_epoch: invalid type: string "now", expected u64`,
    ],
    [
      'a time with a fraction',
      'update/set_time',
      { nanos_since_epoch: 1.5 },
      422,
      `${types}nanos_since_epoch: invalid type: floating point \`1.5\`, expected u64`,
    ],
    [
      'a time beyond 64 bits',
      'update/set_time',
      { nanos_since_epoch: 1n << 64n },
      422,
      `${types}nanos_since_epoch: invalid value: integer \`18446744073709551616\`, expected u64`,
    ],
    [
      'cycles below zero',
      'update/add_cycles',
      { canister_id: canister, amount: -1 },
      422,
      `${types}amount: invalid value: integer \`-1\`, expected u128`,
    ],
    ['malformed base64', 'read/get_cycles', { canister_id: 'AA*A' }, 422, `${types}canister_id: Invalid byte 42, offset 2.`],
    [
      'base64 that breaks off',
      'read/query',
      { ...call, payload: 'AAAAA' },
      422,
      `${types}payload: Encoded text cannot have a 6-bit remainder.`,
    ],
    [
      'a sender that is no text',
      'update/submit_ingress_message',
      { ...call, sender: true },
      422,
      `${types}sender: invalid type: boolean \`true\``,
    ],
    ['an effective principal of no kind', 'read/query', { ...call, effective_principal: 'Some' }, 422, types],
    ['a message id without its parts', 'update/await_ingress_message', {}, 422, `${types}missing field \`message_id\``],
    ['a list that is none', 'update/tick', { blockmakers: 7 }, 422, types],
    ['a mocked answer without an answer', 'update/mock_canister_http', { subnet_id: { subnet_id: 'AQ==' }, request_id: 0 }, 422, types],
  ])('%s', async (_title, path, body, status, text) => {
    expect(await plain('POST', `/instances/0/${path}`, body)).toEqual({
      status,
      type: 'text/plain; charset=utf-8',
      text: expect.stringContaining(text),
    })
  })

  test.each<[string, string, JsonValue, number]>([
    ['an instance', '/instances', '{', 400],
    ['an instance', '/instances', { subnet_config_set: [] }, 422],
    ['an instance', '/instances', {}, 422],
    ['an instance', '/instances', { subnet_config_set: { application: [applicationSubnet] }, state_dir: 5 }, 422],
    ['an instance', '/instances', { subnet_config_set: { application: [{ state_config: 'Old' }] } }, 422],
    ['a gateway', '/http_gateway', '{', 400],
    ['a gateway', '/http_gateway', { port: 70_000, forward_to: { PocketIcInstance: 0 } }, 422],
    ['a signature', '/verify_signature', { msg: '', sig: '', pubkey: '' }, 422],
  ])('of %s that is asked for: %s %j', async (_title, path, body, status) => {
    expect(await plain('POST', path, body)).toEqual({
      status,
      type: 'text/plain; charset=utf-8',
      text: expect.stringMatching(status === 400 ? /^Failed to parse/ : /^Failed to deserialize/),
    })
  })

  test('are read before it is known whether there is the instance', async () => {
    expect(await plain('POST', '/instances/99/update/set_time', '{')).toMatchObject({ status: 400, text: expect.stringContaining(syntax) })
  })
})

describe('paths', () => {
  const noNumber = 'Invalid URL: Cannot parse `x` to a `u64`'
  test.each([
    ['POST', '/instances/x/update/tick', 400, noNumber],
    ['GET', '/instances/x/_/dashboard', 400, noNumber],
    ['GET', '/instances/x/api/v2/status', 400, noNumber],
    ['DELETE', '/instances/x', 400, noNumber],
    ['POST', '/http_gateway/x/stop', 400, noNumber],
    ['GET', '/instances/99/_/dashboard', 400, 'UpdateError { message: "Instance not found" }'],
    ['GET', '/instances/99/api/v2/status', 400, 'UpdateError { message: "Instance not found" }'],
    ['GET', '/read_graph/*/tick', 400, 'malformed state_label'],
    ['GET', '/read_graph/%ff/tick', 400, 'Invalid URL: Invalid UTF-8 in `%ff`'],
  ])('%s %s: %i with a plain text', async (method, path, status, text) => {
    expect(await plain(method, path)).toEqual({ status, type: 'text/plain; charset=utf-8', text })
  })

  test.each([
    ['POST', '/status', 'GET,HEAD'],
    ['PUT', '/instances', 'GET,HEAD,POST'],
    ['GET', '/blobstore', 'POST'],
    ['GET', '/instances/0', 'DELETE'],
    ['GET', '/instances/0/update/tick', 'POST'],
    ['POST', '/instances/0/read/get_time', 'GET,HEAD'],
    ['DELETE', '/instances/0/auto_progress', 'GET,HEAD,POST'],
    ['POST', '/instances/0/_/dashboard', 'GET,HEAD'],
    ['GET', '/prune_graph/AAAA/tick', 'DELETE'],
    ['GET', '/http_gateway/0/stop', 'POST'],
  ])('%s %s: 405, and which methods there are', async (method, path, allowed) => {
    const answered = await client.request(path, { method })
    expect([answered.status, answered.headers.get('allow'), await answered.text()]).toEqual([405, allowed, ''])
  })

  test('HEAD is answered as GET is', async () => {
    expect((await client.request('/instances/0/read/get_time', { method: 'HEAD' })).status).toBe(200)
  })

  test('with a slash at the end are the same', async () => {
    expect((await client.request('/instances/0/read/get_time/', { method: 'GET' })).status).toBe(200)
  })
})

test('pages of other origins may use instances', async () => {
  const preflight = await client.request('/instances/0/update/tick', { method: 'OPTIONS' })
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
  const answered = await client.request('/instances/0/read/get_time', { method: 'GET' })
  expect(answered.headers.get('access-control-allow-origin')).toBe('*')
})

test('a document tells the routes', async () => {
  const { status, body } = await client.get('/api.json')
  const { paths } = body as { paths: Record<string, object> }
  expect(status).toBe(200)
  expect(Object.keys(paths['/instances'] ?? {})).toEqual(['get', 'post'])
  expect(paths['/instances/{id}/update/tick']).toEqual({
    post: { parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }], responses: {} },
  })
})

test('the list of instances tells what keeps one busy', async () => {
  const busy = client.post('/instances/0/update/await_ingress_message', {
    effective_principal: 'None',
    message_id: base64(new Uint8Array(32)),
  })
  // One turn, in which it begins.
  await new Promise((resolve) => setImmediate(resolve))
  const listed = (await client.get('/instances')).body as string[]
  expect(listed[0]).toMatch(/^Busy\(StateLabel\([0-9A-F]{32}\), OpId\("await_ingress_message_[0-9a-f]{32}"\)\)$/)
  await busy
})
