/** Wrong requests are answered with a status and a text; the server and other instances go on. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { program } from '../../../tests/support/index.ts'
import { type JsonValue, printJson } from '../src/wire/json.ts'
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
    ['a kind that there is not', { subnet_config_set: { lunar: [applicationSubnet] } }, /^Bad config$/],
    ['too many subnets', { subnet_config_set: { system: Array.from({ length: 300 }, () => applicationSubnet) } }, /256 subnets/],
    [
      'a time before the network began',
      { subnet_config_set: one, initial_time: { Timestamp: { nanos_since_epoch: 5 } } },
      /must be no earlier/,
    ],
    [
      'a stored state that is not there',
      { subnet_config_set: { application: [{ ...applicationSubnet, state_config: { FromPath: '/no/such/folder' } }] } },
      /^The path \/no\/such\/folder is not a \(subnet state\) directory: /,
    ],
    [
      'a stored state in a blob',
      { subnet_config_set: { application: [{ ...applicationSubnet, state_config: { FromBlobStore: 'AQ==' } }] } },
      /^SubnetStateConfig::FromBlobStore is not yet implemented$/,
    ],
    [
      'a state directory with other files',
      { subnet_config_set: one, state_dir: import.meta.dirname },
      /^The state directory cannot be used: /,
    ],
    ['a level of logging that there is not', { subnet_config_set: one, log_level: 'loud' }, /^Failed to parse log level: \(\)$/],
    [
      'a free system subnet',
      { subnet_config_set: { system: [{ ...applicationSubnet, cost_schedule: 'Free' }] } },
      /^Non-default cost schedule can only be specified for subnet of kind `Application` or `CloudEngine`$/,
    ],
    [
      'a cloud engine that costs',
      { subnet_config_set: { cloud_engine: [{ ...applicationSubnet, cost_schedule: 'Normal' }] } },
      /^Every subnet of kind `CloudEngine` must have cost schedule of kind `Free`$/,
    ],
    [
      'admins of a subnet that costs',
      { subnet_config_set: { application: [{ ...applicationSubnet, subnet_admins: [] }] } },
      /^Subnet admins can only be specified for subnet with cost schedule of kind `Free`$/,
    ],
    [
      'admins of the NNS subnet',
      { subnet_config_set: { nns: { ...applicationSubnet, subnet_admins: [] } } },
      /^Subnet admins can only be specified for subnet of kind `Application` or `CloudEngine`$/,
    ],
    ['Bitcoin', { subnet_config_set: one, bitcoind_addr: ['127.0.0.1:1'] }, /bitcoind_addr/],
    ['Dogecoin', { subnet_config_set: one, dogecoind_addr: ['127.0.0.1:1'] }, /dogecoind_addr/],
  ])('%s: 400 with the reason', async (_title, config, reason) => {
    const before = (await client.get('/instances')).body
    expect(await client.post('/instances', config)).toEqual({ status: 400, body: { Error: { message: expect.stringMatching(reason) } } })
    expect((await client.get('/instances')).body).toEqual(before)
  })
})

describe('requests', () => {
  test.each<[string, string, JsonValue, number, RegExp]>([
    ['an unknown instance', '/instances/99/update/tick', {}, 400, /^UpdateError { message: "Instance not found" }$/],
    ['a deleted instance', '/instances/2/update/tick', {}, 400, /^UpdateError { message: "Instance was deleted" }$/],
    [
      'an unknown route of an instance',
      '/instances/1/update/merge_subnets',
      {},
      404,
      /no route POST \/instances\/1\/update\/merge_subnets/,
    ],
    ['an unknown route', '/nothing', {}, 404, /no route POST \/nothing/],
    [
      'no principal',
      '/instances/1/read/get_cycles',
      { canister_id: base64(new Uint8Array(30)) },
      400,
      /^ConversionError { message: "Bad canister id" }$/,
    ],
    ['an unknown canister', '/instances/1/read/get_cycles', { canister_id: 'AQ==' }, 400, /^CanisterNotFound\(/],
    [
      'time before the present',
      '/instances/1/update/set_time',
      { nanos_since_epoch: 5 },
      400,
      /^SettingTimeIntoPast\(\(1620328630000000000, 5\)\)$/,
    ],
    ['another subnet', '/instances/1/read/pub_key', { subnet_id: 'AQ==' }, 400, /^SubnetNotFound\(/],
    [
      'a message id of another length',
      '/instances/1/update/await_ingress_message',
      { effective_principal: 'None', message_id: 'AQ==' },
      400,
      /^ConversionError { message: "Bad message id" }$/,
    ],
    [
      'an unknown blob',
      '/instances/0/update/set_stable_memory',
      { canister_id: 'AQ==', blob_id: base64(new Uint8Array(32)) },
      400,
      /Bad blob id/,
    ],
  ])('%s', async (_title, path, body, status, message) => {
    expect(await client.post(path, body)).toEqual({ status, body: { message: expect.stringMatching(message) } })
  })

  test.each([
    ['a blob that nobody left', '/blobstore/00', {}, 404, ''],
    ['a name of a blob that is no hash', '/blobstore/xyz', {}, 400, ''],
    [
      'a blob in another encoding',
      '/blobstore',
      { method: 'POST', body: 'x', headers: { 'content-encoding': 'br' } },
      400,
      "Bad encoding: Only 'gzip' content encoding is supported",
    ],
  ])('%s', async (_title, path, init, status, text) => {
    const answered = await client.request(path, init)
    expect([answered.status, await answered.text()]).toEqual([status, text])
  })

  test('a call that is too long: on a system subnet it may be longer', async () => {
    const send = async (subnet: 'application' | 'system', bytes: number) => {
      const path = await createInstance(client, { subnet_config_set: { [subnet]: [applicationSubnet] } })
      const { default_effective_canister_id: to } = (await client.get(`${path}/_/topology`)).body as {
        default_effective_canister_id: { canister_id: string }
      }
      const call = { sender: 'BA==', ...to, effective_principal: 'None', method: 'm', payload: base64(new Uint8Array(bytes)) }
      return client.post(`${path}/update/submit_ingress_message`, call)
    }
    const tooLong =
      /^BadIngressMessage\("Request 0x[0-9a-f]{64} is too large\. Message byte size \d+ is larger than the max allowed 2097152\."\)$/
    expect(await send('application', 2_097_152)).toEqual({ status: 400, body: { message: expect.stringMatching(tooLong) } })
    expect((await send('application', 2_000_000)).status).toBe(200)
    expect((await send('system', 2_097_152)).status).toBe(200)
    expect((await send('system', 3_700_000)).status).toBe(400)
  })

  test('a gateway to an instance that is not there', async () => {
    const answered = await client.post('/http_gateway', { forward_to: { PocketIcInstance: 99 } })
    const message = 'error: upstream_error (UpdateError { message: "Instance not found" })'
    expect(answered).toEqual({ status: 502, body: { Error: { message } } })
  })

  test('an instance whose gateway cannot listen is not made', async () => {
    const gateway = await client.post('/http_gateway', { forward_to: { PocketIcInstance: Number(fixture.path.split('/')[2]) } })
    const { port } = (gateway.body as { Created: { port: number } }).Created
    const before = (await client.get('/instances')).body as string[]
    const config = { subnet_config_set: { application: [applicationSubnet] }, http_gateway_config: { port } }
    const { status } = await client.post('/instances', config)
    expect(status).toBe(502)
    expect((await client.get('/instances')).body).toEqual(before)
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

describe('two operations at once', () => {
  const call = (note: string) => fixture.call('update', program().note(note).reply().bytes())

  test('on one instance: the second is told what runs, and takes place when it is sent again', async () => {
    const first = await client.post(`${fixture.path}/update/submit_ingress_message`, call('a'))
    const awaited = client.post(`${fixture.path}/update/await_ingress_message`, (first.body as { Ok: JsonValue }).Ok)
    const refused = await client.post(`${fixture.path}/update/tick`, {})
    expect(refused).toEqual({
      status: 409,
      body: { state_label: expect.stringMatching(/^[A-Za-z0-9_-]{22}==$/), op_id: expect.stringMatching(/^await_ingress_message_/) },
    })
    expect((await awaited).status).toBe(200)
    expect(await client.post(`${fixture.path}/update/tick`, {})).toEqual({ status: 200, body: null })
  })

  test('on one instance: the topology is told all the same', async () => {
    const first = await client.post(`${fixture.path}/update/submit_ingress_message`, call('b'))
    const awaited = client.post(`${fixture.path}/update/await_ingress_message`, (first.body as { Ok: JsonValue }).Ok)
    expect((await client.get(`${fixture.path}/_/topology`)).status).toBe(200)
    await awaited
  })

  test('on two instances do not meet', async () => {
    const first = await client.post(`${fixture.path}/update/submit_ingress_message`, call('c'))
    const awaited = client.post(`${fixture.path}/update/await_ingress_message`, (first.body as { Ok: JsonValue }).Ok)
    expect(await client.post(`${empty}/update/tick`, {})).toEqual({ status: 200, body: null })
    await awaited
  })
})

test('a gateway that was stopped may be stopped again', async () => {
  expect(await client.post('/http_gateway/7/stop', {})).toEqual({ status: 200, body: null })
})

test('an instance that was deleted may be deleted again', async () => {
  expect((await client.request('/instances/2', { method: 'DELETE' })).status).toBe(200)
})

describe('an operation that takes longer than its client waits', () => {
  const never = { message_id: base64(new Uint8Array(32)) }

  test('goes on: its outcome is read later, once, and pruned', async () => {
    const { subnet_id } = (await client.post(`${fixture.path}/read/get_subnet`, { canister_id: base64(fixture.canisterId.bytes) }))
      .body as { subnet_id: string }
    const started = await client.request(`${fixture.path}/update/await_ingress_message`, {
      method: 'POST',
      headers: { 'processing-timeout-ms': '0' },
      body: printJson({ ...never, effective_principal: { SubnetId: subnet_id } }),
    })
    expect(started.status).toBe(202)
    const { state_label, op_id } = (await started.json()) as { state_label: string; op_id: string }
    const path = `/read_graph/${state_label}/${op_id}`
    expect(await client.get(path)).toEqual({ status: 404, body: { message: expect.stringMatching(/^state_label \/ op_id not found: /) } })
    // Waits for the instance, as this operation does.
    await client.get(`${fixture.path}/_/topology`)
    expect(await client.get(path)).toMatchObject({ status: 400, body: { message: expect.stringMatching(/after 100 rounds/) } })
    const prune = { method: 'DELETE' }
    expect((await client.request(`/prune_graph/${state_label}/${op_id}`, prune)).status).toBe(200)
    expect((await client.request(`/prune_graph/${state_label}/${op_id}`, prune)).status).toBe(404)
  })

  test('is not found under a label that is too short', async () => {
    expect(await client.get('/read_graph/AAAA/tick')).toEqual({ status: 400, body: { message: 'Bad state_label' } })
  })
})
