/** Requests as the Rust and Python clients send them, and the members that they read in the answers. */
import { derCanisterKey } from '@tidemark/certification'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { program } from '../../../tests/support/index.ts'
import type { JsonValue } from '../src/wire/json.ts'
import { base64, type Client, createClient, createFixture, type Fixture } from './support/client.ts'

let client: Client

beforeEach(() => {
  client = createClient()
})

afterEach(() => client.close())

const rustSubnet = { state_config: 'New', instruction_config: 'Production', subnet_admins: null, cost_schedule: 'Normal' }
const rustConfig = {
  subnet_config_set: {
    nns: null,
    sns: null,
    ii: null,
    fiduciary: null,
    bitcoin: null,
    system: [],
    application: [rustSubnet],
    verified_application: [],
    cloud_engine: [],
    test_threshold_keys: null,
  },
  http_gateway_config: null,
  state_dir: null,
  icp_config: null,
  log_level: null,
  bitcoind_addr: null,
  dogecoind_addr: null,
  icp_features: null,
  incomplete_state: null,
  initial_time: null,
  mainnet_nns_subnet_id: null,
}
const pythonConfig = {
  subnet_config_set: {
    application: [{ dts_flag: 'Enabled', instruction_config: 'Production', state_config: 'New' }],
    bitcoin: null,
    fiduciary: null,
    ii: null,
    nns: null,
    sns: null,
    system: [],
    verified_application: [],
  },
  nonmainnet_features: false,
}

describe('creating an instance', () => {
  test.each([
    ['Rust', rustConfig],
    ['Python', pythonConfig],
  ])('as %s does gives number and topology', async (_client, config) => {
    const { status, body } = await client.post('/instances', config)
    expect(status).toBe(201)
    expect(body).toEqual({
      Created: {
        instance_id: 0,
        topology: {
          subnet_configs: {
            [Object.keys((body as { Created: { topology: { subnet_configs: object } } }).Created.topology.subnet_configs).join()]: {
              subnet_kind: 'Application',
              size: 13,
              subnet_seed: expect.objectContaining({ length: 32 }),
              node_ids: Array.from({ length: 13 }, () => ({ node_id: expect.any(String) })),
              canister_ranges: [{ start: { canister_id: '///////gAAABAQ==' }, end: { canister_id: '///////v//8BAQ==' } }],
              instruction_config: 'Production',
              cost_schedule: 'Normal',
              subnet_admins: null,
            },
          },
          default_effective_canister_id: { canister_id: expect.any(String) },
        },
        http_gateway_info: null,
      },
    })
  })

  test.each([
    ['text', 'rrkah-fqaaa-aaaaa-aaaaq-cai'],
    ['bytes', { principal_id: 'AAAAAAAAAAEBAQ==' }],
  ])('with admins of a subnet as %s gives them back', async (_form, admin) => {
    const subnet = { ...rustSubnet, cost_schedule: 'Free', subnet_admins: [admin] }
    const { body } = await client.post('/instances', { subnet_config_set: { application: [subnet] } })
    const { topology } = (body as { Created: { topology: { subnet_configs: Record<string, unknown> } } }).Created
    expect(Object.values(topology.subnet_configs)).toEqual([
      expect.objectContaining({ cost_schedule: 'Free', subnet_admins: ['rrkah-fqaaa-aaaaa-aaaaq-cai'] }),
    ])
  })

  test('numbers count up and are not used again', async () => {
    await client.post('/instances', pythonConfig)
    await client.post('/instances', pythonConfig)
    expect((await client.request('/instances/0', { method: 'DELETE' })).status).toBe(200)
    expect(await client.post('/instances/', pythonConfig)).toMatchObject({ status: 201, body: { Created: { instance_id: 2 } } })
    expect(await client.get('/instances')).toEqual({ status: 200, body: ['Deleted', 'Available', 'Available'] })
  })

  test('with a time, it starts there', async () => {
    const nanos = 1_700_000_000_000_000_001n
    await client.post('/instances', { ...rustConfig, initial_time: { Timestamp: { nanos_since_epoch: nanos } } })
    expect(await client.get('/instances/0/read/get_time')).toEqual({ status: 200, body: { nanos_since_epoch: nanos } })
  })

  test('with a gateway, it tells the port', async () => {
    const { body } = await client.post('/instances', {
      ...rustConfig,
      http_gateway_config: { ip_addr: null, port: null, domains: null, https_config: null },
    })
    const { http_gateway_info: gateway } = (body as { Created: { http_gateway_info: { instance_id: number; port: number } } }).Created
    expect(gateway.instance_id).toBe(0)
    expect((await fetch(`http://127.0.0.1:${gateway.port}/api/v2/status`)).status).toBe(200)
    expect(await client.get('/http_gateway')).toMatchObject({ body: [{ instance_id: 0, forward_to: { PocketIcInstance: 0 } }] })
  })
})

describe('on an instance', () => {
  let fixture: Fixture
  let id: { canister_id: string }

  beforeEach(async () => {
    fixture = await createFixture(client)
    id = { canister_id: base64(fixture.canisterId.bytes) }
  })

  const post = async (path: string, body: JsonValue) => client.post(`${fixture.path}/${path}`, body)

  test('a call routed by its canister is submitted, looked at and awaited', async () => {
    const effective = { effective_principal: { CanisterId: id.canister_id } }
    const submitted = await post('update/submit_ingress_message', fixture.call('update', program().reply('done').bytes(), effective))
    expect(submitted.body).toEqual({ Ok: { effective_principal: { SubnetId: expect.any(String) }, message_id: expect.any(String) } })
    const messageId = (submitted.body as { Ok: JsonValue }).Ok
    const status = { raw_message_id: messageId, raw_caller: { principal_id: 'BA==' } }
    expect(await post('read/ingress_status', status)).toEqual({ status: 200, body: null })
    await post('update/tick', {})
    expect(await post('read/ingress_status', status)).toEqual({ status: 200, body: { Ok: base64('done') } })
    expect(await post('read/ingress_status', { raw_message_id: messageId, raw_caller: null })).toEqual({
      status: 200,
      body: { Ok: base64('done') },
    })
    expect(await post('read/ingress_status', { raw_message_id: messageId, raw_caller: { principal_id: 'AQ==' } })).toEqual({
      status: 403,
      body: { message: 'The user tries to access Request ID not signed by the caller.' },
    })
    expect(await post('update/await_ingress_message', messageId)).toEqual({ status: 200, body: { Ok: base64('done') } })
  })

  test('a call routed by its subnet is submitted', async () => {
    const { subnet_id } = (await post('read/get_subnet', id)).body as { subnet_id: string }
    const routed = fixture.call('query', program().reply().bytes(), { effective_principal: { SubnetId: subnet_id } })
    expect(await post('read/query', routed)).toEqual({ status: 200, body: { Ok: '' } })
  })

  test('a reject has code, name and text', async () => {
    expect(await post('read/query', fixture.call('query', program().reject('sorry').bytes()))).toEqual({
      status: 200,
      body: { Err: { reject_code: 'CanisterReject', reject_message: 'sorry', error_code: 'CanisterRejectedMessage', certified: false } },
    })
  })

  test('rounds are told by the blockmakers', async () => {
    const { subnet_configs } = (await client.get(`${fixture.path}/_/topology`)).body as {
      subnet_configs: Record<string, { node_ids: { node_id: string }[] }>
    }
    const [first, second] = Object.values(subnet_configs)[0]?.node_ids ?? []
    const { subnet_id } = (await post('read/get_subnet', id)).body as { subnet_id: string }
    const entry = { subnet: { subnet_id }, blockmaker: first ?? null, failed_blockmakers: [second ?? null] }
    expect(await post('update/tick', { blockmakers: [entry] })).toEqual({ status: 200, body: null })
    expect(await post('update/tick', { blockmakers: { blockmakers_per_subnet: [entry] } })).toEqual({ status: 200, body: null })
    const both = { ...entry, failed_blockmakers: [first ?? null] }
    expect(await post('update/tick', { blockmakers: [both] })).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/^BlockmakerContainedInFailed/) },
    })
  })

  test('time, cycles, controllers and keys', async () => {
    const time = 1_700_000_000_000_000_000n
    expect(await post('update/set_time', { nanos_since_epoch: time })).toEqual({ status: 200, body: null })
    expect((await client.get(`${fixture.path}/read/get_time/`)).body).toEqual({ nanos_since_epoch: time })
    expect(await post('update/add_cycles', { ...id, amount: 0 })).toEqual(await post('read/get_cycles', id))
    expect(await post('read/get_controllers', id)).toEqual({ status: 200, body: [{ principal_id: 'BA==' }] })
    const subnet = (await post('read/get_subnet', id)).body as JsonValue
    expect((await post('read/pub_key', subnet)).body).toHaveLength(133)
    expect(await post('read/get_subnet', { canister_id: 'AAAAAAAAAAABAQ==' })).toEqual({ status: 200, body: null })
  })

  test('stable memory from a blob, compressed or not', async () => {
    const { gzipSync } = await import('node:zlib')
    for (const [bytes, headers] of [
      [Buffer.from('plain'), {}],
      [gzipSync('plain'), { 'content-encoding': 'gzip' }],
    ] as const) {
      const stored = await client.request('/blobstore', { method: 'POST', body: bytes, headers })
      const hash = await stored.text()
      expect(hash).toMatch(/^[0-9a-f]{64}$/)
      const fetched = await client.request(`/blobstore/${hash}`, {})
      expect(Buffer.from(await fetched.arrayBuffer())).toEqual(Buffer.from(bytes))
      expect(fetched.headers.get('content-encoding')).toBe('content-encoding' in headers ? 'gzip' : null)
      expect(await post('update/set_stable_memory', { ...id, blob_id: Buffer.from(hash, 'hex').toString('base64') })).toEqual({
        status: 200,
        body: null,
      })
      const { blob } = (await post('read/get_stable_memory', id)).body as { blob: string }
      expect(Buffer.from(blob, 'base64').subarray(0, 6).toString()).toBe('plain\0')
    }
  })

  test('progress by itself is started once and stopped', async () => {
    expect((await client.get(`${fixture.path}/auto_progress`)).body).toBe(false)
    expect(await post('auto_progress', { artificial_delay_ms: null })).toEqual({ status: 200, body: null })
    expect(await post('auto_progress', { artificial_delay_ms: null })).toMatchObject({ status: 400 })
    expect((await client.get(`${fixture.path}/auto_progress`)).body).toBe(true)
    expect(await client.post(`${fixture.path}/stop_progress`, '""')).toEqual({ status: 200, body: null })
    expect((await client.get(`${fixture.path}/auto_progress`)).body).toBe(false)
  })

  test('lines that canisters print are heard, in queries too', async () => {
    await fixture.update(program().sys('debug_print', 'one').reply())
    await fixture.query(program().sys('debug_print', 'two').reply())
    const prefix = `2021-05-06 19:17:10.000000003 UTC: [Canister ${fixture.canisterId.toText()}] `
    expect(client.printed).toEqual([`${prefix}one\n`, `${prefix}two\n`])
  })

  test('signatures are verified with the root key of the instance', async () => {
    const parts = { msg: base64('m'), sig: base64('s'), pubkey: base64('p'), root_pubkey: base64('r') }
    const refused = (words: string) => ({ Err: expect.stringContaining(words) })
    expect(await client.post('/verify_signature', parts)).toEqual({
      status: 400,
      body: refused('Failed to parse DER encoded public key: '),
    })
    const canister = derCanisterKey({ canisterId: fixture.canisterId, seed: Uint8Array.of(1) })
    const ofCanister = { ...parts, pubkey: base64(canister) }
    expect(await client.post('/verify_signature', ofCanister)).toEqual({
      status: 400,
      body: refused('Failed to parse DER encoded root public key: '),
    })
    const subnet = (await post('read/get_subnet', id)).body as JsonValue
    const root_pubkey = base64(Uint8Array.from((await post('read/pub_key', subnet)).body as number[]))
    expect(await client.post('/verify_signature', { ...ofCanister, root_pubkey })).toEqual({
      status: 406,
      body: refused('Canister signature verification failed: '),
    })
    const { generateKeyPairSync, sign } = await import('node:crypto')
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const pubkey = base64(publicKey.export({ type: 'spki', format: 'der' }))
    const sig = base64(sign(null, Buffer.from('m'), privateKey))
    expect(await client.post('/verify_signature', { ...parts, sig, pubkey })).toEqual({ status: 200, body: { Ok: null } })
    const another = { ...parts, msg: base64('another'), sig, pubkey }
    expect(await client.post('/verify_signature', another)).toEqual({
      status: 406,
      body: refused('Canister signature verification failed: '),
    })
  })

  test('finished operations need no polling', async () => {
    const label = 'AAAAAAAAAAAAAAAAAAAAAA=='
    expect(await client.get(`/read_graph/${label}/tick`)).toMatchObject({ status: 404, body: { message: expect.any(String) } })
    expect((await client.request(`/prune_graph/${label}/tick`, { method: 'DELETE' })).status).toBe(404)
    expect((await client.get('/status')).status).toBe(200)
  })
})
