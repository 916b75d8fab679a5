/** Wrong requests are answered with a status and a text; the server and other instances go on. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { program } from '../../../tests/support/index.ts'
import type { JsonValue } from '../src/wire/json.ts'
import { applicationSubnet, base64, type Client, createClient, createFixture, createInstance, type Fixture } from './support/client.ts'

let client: Client
let fixture: Fixture
let empty: string

beforeAll(async () => {
  client = createClient()
  fixture = await createFixture(client)
  empty = await createInstance(client)
  await client.request(await createInstance(client), { method: 'DELETE' })
})

afterAll(() => client.close())

describe('configurations', () => {
  const one = { application: [applicationSubnet] }
  test.each<[string, JsonValue, RegExp]>([
    ['no subnet', { subnet_config_set: { application: [], system: [] } }, /Bad config/],
    ['an NNS subnet', { subnet_config_set: { ...one, nns: applicationSubnet } }, /does not have subnets of the kind `nns` yet/],
    ['system subnets', { subnet_config_set: { system: [applicationSubnet] } }, /`system`/],
    ['two application subnets', { subnet_config_set: { application: [applicationSubnet, applicationSubnet] } }, /several subnets/],
    [
      'a stored state',
      { subnet_config_set: { application: [{ ...applicationSubnet, state_config: { FromPath: '/x' } }] } },
      /state_config/,
    ],
    [
      'benchmarking',
      { subnet_config_set: { application: [{ ...applicationSubnet, instruction_config: 'Benchmarking' }] } },
      /benchmarking/,
    ],
    ['a state directory', { subnet_config_set: one, state_dir: '/x' }, /state_dir/],
    ['system canisters', { subnet_config_set: one, icp_features: { ii: 'DefaultConfig' } }, /icp_features/],
    ['Bitcoin', { subnet_config_set: one, bitcoind_addr: ['127.0.0.1:1'] }, /bitcoind_addr/],
    ['hooks that are neither on nor off', { subnet_config_set: one, experimental_hooks: 1 }, /experimental_hooks/],
    ['no set at all', {}, /subnet_config_set/],
  ])('%s: 400 with the reason', async (_title, config, reason) => {
    const before = (await client.get('/instances')).body
    expect(await client.post('/instances', config)).toEqual({ status: 400, body: { Error: { message: expect.stringMatching(reason) } } })
    expect((await client.get('/instances')).body).toEqual(before)
  })
})

describe('requests', () => {
  test.each<[string, string, JsonValue, number, RegExp]>([
    ['an unknown instance', '/instances/99/update/tick', {}, 404, /Instance 99 not found/],
    ['a deleted instance', '/instances/2/update/tick', {}, 404, /Instance 2 was deleted/],
    ['an instance that is no number', '/instances/x/update/tick', {}, 404, /Instance x not found/],
    [
      'an unknown route of an instance',
      '/instances/1/update/delete_subnet',
      {},
      404,
      /no route POST \/instances\/1\/update\/delete_subnet/,
    ],
    ['an unknown route', '/nothing', {}, 404, /no route POST \/nothing/],
    ['malformed JSON', '/instances/1/update/tick', '{', 400, /JSON/],
    ['another kind of JSON', '/instances/1/update/tick', '[1]', 400, /must be a JSON object/],
    ['malformed base64', '/instances/1/read/get_cycles', { canister_id: '*' }, 400, /`canister_id` is not valid base64/],
    ['no principal', '/instances/1/read/get_cycles', { canister_id: base64(new Uint8Array(30)) }, 400, /no principal/],
    ['a missing member', '/instances/1/read/get_cycles', {}, 400, /`canister_id` must be a string/],
    ['an unknown canister', '/instances/1/read/get_cycles', { canister_id: 'AQ==' }, 400, /^CanisterNotFound\(/],
    [
      'cycles below zero',
      '/instances/0/update/add_cycles',
      { canister_id: '///////gAAABAQ==', amount: -1 },
      400,
      /`amount` must be a whole number/,
    ],
    [
      'time before the present',
      '/instances/1/update/set_time',
      { nanos_since_epoch: 5 },
      400,
      /^SettingTimeIntoPast\(\(1620328630000000000, 5\)\)$/,
    ],
    ['time beyond 64 bits', '/instances/1/update/set_time', { nanos_since_epoch: 1n << 64n }, 400, /64 bits/],
    ['another subnet', '/instances/1/read/pub_key', { subnet_id: 'AQ==' }, 400, /^SubnetNotFound\(/],
    [
      'a message id of another length',
      '/instances/1/update/await_ingress_message',
      { effective_principal: 'None', message_id: 'AQ==' },
      400,
      /Bad message id/,
    ],
    [
      'an unknown blob',
      '/instances/0/update/set_stable_memory',
      { canister_id: 'AQ==', blob_id: base64(new Uint8Array(32)) },
      400,
      /Bad blob id/,
    ],
    ['a gateway to nowhere', '/http_gateway/7/stop', {}, 404, /HTTP gateway 7 not found/],
  ])('%s', async (_title, path, body, status, message) => {
    expect(await client.post(path, body)).toEqual({ status, body: { message: expect.stringMatching(message) } })
  })

  test('a gateway to an instance that is not there', async () => {
    const answered = await client.post('/http_gateway', { forward_to: { PocketIcInstance: 99 } })
    expect(answered).toEqual({ status: 404, body: { Error: { message: 'Instance 99 not found' } } })
  })

  test('a call that is never answered ends after a hundred rounds', async () => {
    const { subnet_id } = (await client.post(`${fixture.path}/read/get_subnet`, { canister_id: base64(fixture.canisterId.bytes) }))
      .body as { subnet_id: string }
    const before = (await client.get(`${fixture.path}/read/get_time`)).body as { nanos_since_epoch: bigint }
    const messageId = { effective_principal: { SubnetId: subnet_id }, message_id: base64(new Uint8Array(32)) }
    const answered = await client.post(`${fixture.path}/update/await_ingress_message`, messageId)
    expect(answered).toEqual({
      status: 400,
      body: { message: `BadIngressMessage("Failed to answer to ingress 0x${'00'.repeat(32)} after 100 rounds.")` },
    })
    const after = (await client.get(`${fixture.path}/read/get_time`)).body as { nanos_since_epoch: bigint }
    expect(after.nanos_since_epoch - before.nanos_since_epoch).toBe(100n)
  })
})

test('operations at once on one instance all take place, in their order', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      fixture.update(
        program()
          .note(String.fromCharCode(97 + index))
          .reply(),
      ),
    ),
  )
  expect(answers).toHaveLength(20)
  expect(Buffer.from(await fixture.query(program().replyState())).toString()).toBe('abcdefghijklmnopqrst')
  expect((await client.get(`${empty}/read/get_time`)).body).toEqual({ nanos_since_epoch: 1_620_328_630_000_000_000n })
})
