/** Every operation as each generation of clients sends it, over a canister's whole life, and the shape of what it reads. */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { managementCanisterId } from '@tidemark/types'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { candid, decodeManagement, encodeManagement, program, universalCanister } from '../../../tests/support/index.ts'
import { Principal } from '@tidemark/types'
import type { JsonValue } from '../src/wire/json.ts'
import { type Answer, base64, type Client, createClient } from './support/client.ts'
import { type ClientGeneration, generations } from './support/generations.ts'

const base64Text = expect.stringMatching(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/)
const done = { status: 200, body: null }
const whole = (number: unknown): boolean => typeof number === 'bigint' || Number.isSafeInteger(number)

const outcall = program().call(
  managementCanisterId,
  'http_request',
  encodeManagement('http_request', {
    url: 'https://example.com/',
    method: { head: null },
    headers: [{ name: 'a', value: 'b' }],
    body: [],
    max_response_bytes: [],
    transform: [],
    is_replicated: [],
    pricing_version: [],
  }),
  { cycles: 10n ** 12n, onReply: program().reply('answered'), onReject: program().read('msg_reject_msg').replyTop() },
)

describe.each(generations.map((generation) => [generation.name, generation] as const))('%s', (_name, generation: ClientGeneration) => {
  let client: Client
  let topology: Record<string, { readonly subnet_kind: string; readonly canister_ranges: readonly JsonValue[] }>

  beforeEach(async () => {
    client = createClient()
    const created = await client.post('/instances', generation.config)
    expect(created).toEqual({
      status: 201,
      body: { Created: { instance_id: 0, topology: expect.any(Object), http_gateway_info: null } },
    })
    const { body } = created as { body: { Created: { topology: { subnet_configs: typeof topology } } } }
    topology = body.Created.topology.subnet_configs
  })

  afterEach(() => client.close())

  const get = (path: string): Promise<Answer> => client.get(`/instances/0/${path}`)
  const post = (path: string, body: JsonValue): Promise<Answer> =>
    // The empty text is one in JSON, too.
    client.post(`/instances/0/${path}`, body === '' ? '""' : body)
  const tick = (): Promise<Answer> => post('update/tick', generation.tick)

  const callOf = (canisterId: Principal, method: string, payload: Uint8Array, effective: JsonValue): JsonValue => ({
    sender: 'BA==',
    effective_principal: effective,
    canister_id: base64(canisterId.bytes),
    method,
    payload: base64(payload),
    ...generation.call,
  })

  async function outcomeOf(messageId: JsonValue): Promise<Answer> {
    if (!generation.polls) return post('update/await_ingress_message', messageId)
    for (let round = 0; round < 100; round++) {
      expect(await tick()).toEqual(done)
      const status = await post('read/ingress_status', { raw_message_id: messageId, raw_caller: null })
      if (status.body !== null) return status
    }
    throw new Error('no outcome within 100 rounds')
  }

  async function update(canisterId: Principal, method: string, payload: Uint8Array, effective: JsonValue): Promise<Uint8Array> {
    const submitted = await post('update/submit_ingress_message', callOf(canisterId, method, payload, effective))
    expect(submitted).toEqual({
      status: 200,
      body: { Ok: { effective_principal: { SubnetId: base64Text }, message_id: base64Text } },
    })
    const outcome = await outcomeOf((submitted.body as { Ok: JsonValue }).Ok)
    expect(outcome).toEqual({ status: 200, body: { Ok: base64Text } })
    return Uint8Array.from(Buffer.from((outcome.body as { Ok: string }).Ok, 'base64'))
  }

  async function createCanister(effective: JsonValue): Promise<Principal> {
    const method = 'provisional_create_canister_with_cycles'
    const argument = { amount: [10n ** 18n], settings: [], specified_id: [], sender_canister_version: [] }
    const reply = await update(managementCanisterId, method, encodeManagement(method, argument), effective)
    const { canister_id } = decodeManagement(method, reply) as { canister_id: { toUint8Array(): Uint8Array } }
    return Principal.fromBytes(canister_id.toUint8Array())
  }

  async function install(canisterId: Principal): Promise<void> {
    const argument = {
      mode: { install: null },
      canister_id: candid(canisterId),
      wasm_module: universalCanister(),
      arg: new Uint8Array(0),
      sender_canister_version: [],
    }
    await update(managementCanisterId, 'install_code', encodeManagement('install_code', argument), { CanisterId: base64(canisterId.bytes) })
  }

  const subnetIdOf = (kind: string): string => {
    const [text = ''] = Object.entries(topology).find(([, { subnet_kind: each }]) => each === kind) ?? []
    return base64(Principal.fromText(text).bytes)
  }

  test('the topology tells kinds, seeds and ranges', async () => {
    for (const path of ['read/topology', '_/topology']) {
      const { status, body } = await get(path)
      expect([status, body]).toEqual([200, { subnet_configs: topology, default_effective_canister_id: { canister_id: base64Text } }])
    }
    for (const config of Object.values(topology)) {
      expect(config).toMatchObject({
        subnet_kind: expect.any(String),
        subnet_seed: expect.objectContaining({ length: 32 }),
        instruction_config: 'Production',
        canister_ranges: expect.arrayContaining([{ start: { canister_id: base64Text }, end: { canister_id: base64Text } }]),
      })
    }
  })

  test('canisters are created, installed, called and looked at', async () => {
    const canisterId = await createCanister(generation.anySubnet)
    const id = { canister_id: base64(canisterId.bytes) }
    await install(canisterId)
    const named = { CanisterId: id.canister_id }
    expect(Buffer.from(await update(canisterId, 'update', program().reply('done').bytes(), named)).toString()).toBe('done')
    for (const effective of [named, 'None', { SubnetId: subnetIdOf('Application') }]) {
      const queried = await post('read/query', callOf(canisterId, 'query', program().reply('seen').bytes(), effective))
      expect(queried).toEqual({ status: 200, body: { Ok: base64('seen') } })
    }
    const rejected = await post('read/query', callOf(canisterId, 'none', new Uint8Array(0), named))
    expect(rejected).toEqual({
      status: 200,
      body: {
        Err: { reject_code: 'CanisterError', reject_message: expect.any(String), error_code: 'CanisterMethodNotFound', certified: false },
      },
    })
    expect(await post('read/get_subnet', id)).toEqual({ status: 200, body: { subnet_id: subnetIdOf('Application') } })
    expect(await post('read/get_controllers', id)).toEqual({ status: 200, body: [{ principal_id: 'BA==' }] })
    const { cycles } = (await post('read/get_cycles', id)).body as { cycles: bigint | number }
    expect(whole(cycles)).toBe(true)
    expect(await post('update/add_cycles', { ...id, amount: 10n ** 20n })).toEqual({
      status: 200,
      body: { cycles: BigInt(cycles) + 10n ** 20n },
    })
    expect(await createCanister({ SubnetId: subnetIdOf('NNS') })).toBeDefined()
  })

  test('stable memory is set from a blob', async () => {
    const canisterId = await createCanister(generation.anySubnet)
    await install(canisterId)
    const packed = gzipSync('content')
    const sent = { method: 'POST', body: packed, headers: { 'content-encoding': 'gzip' } }
    const hash = await (await client.request('/blobstore', sent)).text()
    expect(hash).toBe(createHash('sha256').update(packed).digest('hex'))
    const id = { canister_id: base64(canisterId.bytes) }
    expect(await post('update/set_stable_memory', { ...id, blob_id: base64(Buffer.from(hash, 'hex')) })).toEqual(done)
    const { body } = await post('read/get_stable_memory', id)
    expect(body).toEqual({ blob: base64Text })
    expect(
      Buffer.from((body as { blob: string }).blob, 'base64')
        .subarray(0, 8)
        .toString(),
    ).toBe('content\0')
  })

  test('time is read, set and certified; a round takes a nanosecond', async () => {
    const nanos = 1_800_000_000_000_000_001n
    expect(whole(((await get('read/get_time')).body as { nanos_since_epoch: unknown }).nanos_since_epoch)).toBe(true)
    expect(await post('update/set_time', { nanos_since_epoch: nanos })).toEqual(done)
    expect(await get('read/get_time')).toEqual({ status: 200, body: { nanos_since_epoch: nanos } })
    expect(await post('update/set_certified_time', { nanos_since_epoch: nanos + 5n })).toEqual(done)
    expect(await tick()).toEqual(done)
    expect(await get('read/get_time')).toEqual({ status: 200, body: { nanos_since_epoch: nanos + 6n } })
    expect((await post('read/pub_key', { subnet_id: subnetIdOf('NNS') })).body).toEqual(
      Array.from({ length: 133 }, () => expect.any(Number)),
    )
  })

  test('HTTP requests of canisters are listed and answered', async () => {
    const canisterId = await createCanister(generation.anySubnet)
    await install(canisterId)
    const named = { CanisterId: base64(canisterId.bytes) }
    const submitted = await post('update/submit_ingress_message', callOf(canisterId, 'update', outcall.bytes(), named))
    await tick()
    await tick()
    const { body } = await get('read/get_canister_http')
    const subnet = { subnet_id: subnetIdOf('Application') }
    expect(body).toMatchObject([
      {
        subnet_id: subnet,
        request_id: expect.any(Number),
        http_method: 'HEAD',
        url: 'https://example.com/',
        headers: expect.arrayContaining([{ name: 'a', value: 'b' }]),
        body: '',
        max_response_bytes: null,
      },
    ])
    const [{ request_id }] = body as [{ request_id: number }]
    const response = { CanisterHttpReply: { status: 200, headers: [], body: '' } }
    expect(await post('update/mock_canister_http', { subnet_id: subnet, request_id, response, additional_responses: [] })).toEqual(done)
    expect(await outcomeOf((submitted.body as { Ok: JsonValue }).Ok)).toEqual({ status: 200, body: { Ok: base64('answered') } })
  })

  test('it goes on by itself behind a gateway, and stops', async () => {
    expect(await get('auto_progress')).toEqual({ status: 200, body: false })
    expect(await post('auto_progress', { artificial_delay_ms: null })).toEqual(done)
    const { status, body } = await client.post('/http_gateway', { ...generation.gateway, forward_to: { PocketIcInstance: 0 } })
    expect([status, body]).toEqual([201, { Created: { instance_id: 0, port: expect.any(Number) } }])
    const { port } = (body as { Created: { port: number } }).Created
    expect((await fetch(`http://127.0.0.1:${port}/api/v2/status`)).status).toBe(200)
    expect(await client.post('/http_gateway/0/stop')).toEqual(done)
    expect(await post('stop_progress', generation.stop)).toEqual(done)
    expect(await get('auto_progress')).toEqual({ status: 200, body: false })
    const deleted = await client.request('/instances/0', { method: 'DELETE' })
    expect([deleted.status, await deleted.text()]).toEqual([200, ''])
  })
})
