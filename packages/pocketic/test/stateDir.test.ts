/** The state of an instance outlives it, as suites of the Python and the Rust client have it. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type createNetwork, decodeRecord, encodeRecord, replay } from '@tidemark/network'
import { Principal } from '@tidemark/types'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { program } from '../../../tests/support/index.ts'
import { readStateDir } from '../src/index.ts'
import type { JsonValue } from '../src/wire/json.ts'
import {
  type Answer,
  applicationSubnet,
  base64,
  type Client,
  createClient,
  createFixture,
  type Fixture,
  replyOf,
} from './support/client.ts'

let folder: string
let client: Client

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pocketic-state-'))
  client = createClient()
})
afterEach(async () => {
  await client.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Created {
  readonly instance_id: number
  readonly topology: { readonly subnet_configs: Record<string, { readonly subnet_kind: string }> }
}

async function create(config: { readonly [name: string]: JsonValue }): Promise<Created & { readonly path: string }> {
  const { status, body } = await client.post('/instances', config)
  if (status !== 201) throw new Error(JSON.stringify(body))
  const { Created: created } = body as { Created: Created }
  return { ...created, path: `/instances/${created.instance_id}` }
}

const remove = (path: string) => client.request(path, { method: 'DELETE' })

function read({ call }: Fixture, path: string): Promise<Answer> {
  return client.post(`${path}/read/query`, call('query', program().replyState().bytes()))
}

const none = { application: [], nns: null }

test('an instance with the same directory has the canisters of the one before, which was deleted', async () => {
  const fixture = await createFixture(client, program().setState('kept'), { state_dir: folder })
  const { body: before } = await client.get(`${fixture.path}/_/topology`)
  const canister = { canister_id: base64(fixture.canisterId.bytes) }
  const cycles = await client.post(`${fixture.path}/read/get_cycles`, canister)
  await client.post(`${fixture.path}/update/set_time`, { nanos_since_epoch: 1_700_000_000_000_000_000n })
  await remove(fixture.path)

  const { path } = await create({ subnet_config_set: none, state_dir: folder })
  expect((await client.get(`${path}/_/topology`)).body).toEqual(before)
  expect(await client.get(`${path}/read/get_time`)).toEqual({ status: 200, body: { nanos_since_epoch: 1_700_000_000_000_000_000n } })
  expect(await client.post(`${path}/read/get_cycles`, canister)).toEqual(cycles)
  expect(new TextDecoder().decode(replyOf(await read(fixture, path)))).toBe('kept')
  // Goes on, also with the same call again.
  const submitted = await client.post(
    `${path}/update/submit_ingress_message`,
    fixture.call('update', program().note('!').replyState().bytes()),
  )
  const answered = await client.post(`${path}/update/await_ingress_message`, (submitted.body as { Ok: JsonValue }).Ok)
  expect(new TextDecoder().decode(replyOf(answered))).toBe('kept!')
})

test('a subnet starts from the folder that the description names, without the other subnets', async () => {
  const config = { nns: applicationSubnet, application: [applicationSubnet] }
  const fixture = await createFixture(client, program().setState('kept'), { subnet_config_set: config, state_dir: folder })
  await remove(fixture.path)
  const { subnet_configs: described } = JSON.parse(readFileSync(join(folder, 'topology.json'), 'utf8')) as {
    subnet_configs: Record<string, { subnet_config: { subnet_kind: string } }>
  }
  const [seed = ''] = Object.entries(described).find(([, { subnet_config: each }]) => each.subnet_kind === 'Application') ?? []
  expect(readdirSync(folder)).toContain(seed)

  const stored = { ...applicationSubnet, state_config: { FromPath: join(folder, seed) } }
  const { path, topology } = await create({ subnet_config_set: { application: [stored, applicationSubnet] } })
  expect(Object.values(topology.subnet_configs).map(({ subnet_kind: kind }) => kind)).toEqual(['Application', 'Application'])
  expect(new TextDecoder().decode(replyOf(await read(fixture, path)))).toBe('kept')
  await client.post(`${path}/update/tick`, {})
  const twice = await client.post('/instances', { subnet_config_set: { application: [stored, stored] } })
  expect(twice).toEqual({ status: 400, body: { Error: { message: expect.stringMatching(/^two subnets host /) } } })
})

test('a subnet of the public network that was added comes along; the default one stays', async () => {
  const fixture = await createFixture(client, program(), { state_dir: folder, subnet_config_set: { system: [applicationSubnet] } })
  const create_canister = {
    ...(fixture.call('provisional_create_canister_with_cycles', Uint8Array.from(Buffer.from('4449444c0000', 'hex'))) as object),
    canister_id: '',
    effective_principal: { CanisterId: base64(Uint8Array.from([0, 0, 0, 0, 3, 0, 0, 0, 1, 1])) },
  }
  expect((await client.post(`${fixture.path}/update/submit_ingress_message`, create_canister)).status).toBe(200)
  const { body: before } = await client.get(`${fixture.path}/_/topology`)
  expect(Object.keys((before as Created['topology']).subnet_configs)).toHaveLength(2)
  await remove(fixture.path)
  const { path } = await create({ subnet_config_set: none, state_dir: folder })
  expect((await client.get(`${path}/_/topology`)).body).toEqual(before)
})

test('one instance at a time has a directory; a damaged one is told, and the server goes on', async () => {
  const { path } = await create({ subnet_config_set: { application: [applicationSubnet] }, state_dir: folder })
  const config = { subnet_config_set: none, state_dir: folder }
  expect(await client.post('/instances', config)).toMatchObject({
    status: 400,
    body: { Error: { message: expect.stringMatching(/in use/) } },
  })
  await remove(path)
  writeFileSync(join(folder, 'network', 'state.json'), '{')
  expect(await client.post('/instances', config)).toMatchObject({
    status: 400,
    body: { Error: { message: expect.stringMatching(/no JSON/) } },
  })
  await create({ subnet_config_set: { application: [applicationSubnet] } })
})

test('a time before that of the stored state is refused', async () => {
  const { path } = await create({ subnet_config_set: { application: [applicationSubnet] }, state_dir: folder })
  await client.post(`${path}/update/set_time`, { nanos_since_epoch: 1_700_000_000_000_000_000n })
  await remove(path)
  const config = {
    subnet_config_set: none,
    state_dir: folder,
    initial_time: { Timestamp: { nanos_since_epoch: 1_650_000_000_000_000_000n } },
  }
  expect((await client.post('/instances', config)).body).toEqual({
    Error: {
      message:
        'The initial timestamp (unix timestamp in nanoseconds) must be no earlier than 1700000000000000000 (provided 1650000000000000000).',
    },
  })
})

test('the end of the server keeps what was not deleted', async () => {
  const fixture = await createFixture(client, program().setState('kept'), { state_dir: folder })
  await client.close()
  client = createClient()
  const { path } = await create({ subnet_config_set: none, state_dir: folder })
  expect(new TextDecoder().decode(replyOf(await read(fixture, path)))).toBe('kept')
})

describe('the record of an instance that goes on from a stored state', () => {
  const recordOf = async (path: string) => {
    const answered = await client.request(`${path}/_/record`, { method: 'GET' })
    const record = decodeRecord(new Uint8Array(await answered.arrayBuffer()))
    return { record, start: answered.headers.get('x-start-hash'), end: answered.headers.get('x-state-hash') }
  }
  const hashOf = (network: ReturnType<typeof createNetwork>) => Buffer.from(network.stateHash()).toString('hex')

  test('begins there, and leads to the same state from a copy', async () => {
    const fixture = await createFixture(client, program().setState('kept'), { state_dir: folder })
    expect((await recordOf(fixture.path)).start).toBeNull()
    await remove(fixture.path)
    const copy = mkdtempSync(join(tmpdir(), 'pocketic-copy-'))
    cpSync(folder, copy, { recursive: true })

    const { path } = await create({ subnet_config_set: none, state_dir: folder })
    const { record: untouched, start } = await recordOf(path)
    expect([untouched.inputs, start]).toEqual([[], Buffer.from(untouched.startHash ?? []).toString('hex')])
    const submitted = await client.post(
      `${path}/update/submit_ingress_message`,
      fixture.call('update', program().note('!').reply().bytes()),
    )
    await client.post(`${path}/update/await_ingress_message`, (submitted.body as { Ok: JsonValue }).Ok)
    const { record, end } = await recordOf(path)
    await remove(path)
    const bringIn = (network: ReturnType<typeof createNetwork>) => network.importState(readStateDir(copy))
    expect(hashOf(replay(decodeRecord(encodeRecord(record)), {}, bringIn))).toBe(end)
    expect(() => replay(record)).toThrow(/^the record begins with the state /)
    rmSync(copy, { recursive: true })
  })

  test('begins with one subnet that was brought in', async () => {
    const fixture = await createFixture(client, program().setState('kept'), { state_dir: folder })
    await remove(fixture.path)
    const empty = { ...applicationSubnet, state_config: { FromPath: mkdtempSync(join(tmpdir(), 'pocketic-empty-')) } }
    expect((await client.post('/instances', { subnet_config_set: { application: [empty] } })).body).toEqual({
      Error: { message: `Provided an empty state directory at path ${empty.state_config.FromPath}.` },
    })
    const [seed = ''] = readdirSync(folder).filter((name) => /^[0-9a-f]{64}$/.test(name))
    const stored = { ...applicationSubnet, state_config: { FromPath: join(folder, seed) } }
    const { path } = await create({ subnet_config_set: { application: [stored, applicationSubnet] } })
    expect((await recordOf(path)).record).toMatchObject({ inputs: [], startHash: expect.any(Uint8Array) })
  })

  test('is not to be had of a folder without one', () => {
    expect(() => readStateDir(folder)).toThrow(/holds no state of an instance/)
  })
})

describe('a deleted subnet', () => {
  const subnetIdOf = (created: Created, kind: string) =>
    Object.entries(created.topology.subnet_configs).find(([, { subnet_kind: each }]) => each === kind)?.[0] ?? ''
  const bytesOf = (text: string) => base64(Principal.fromText(text).bytes)

  test('is gone from the topology, from the state directory, and from the next instance', async () => {
    const config = { nns: applicationSubnet, application: [applicationSubnet], system: [applicationSubnet] }
    const first = await create({ subnet_config_set: config, state_dir: folder })
    await remove(first.path)
    const folders = () => readdirSync(folder).filter((name) => /^[0-9a-f]{64}$/.test(name))
    expect(folders()).toHaveLength(3)
    const created = await create({ subnet_config_set: none, state_dir: folder })
    const system = { subnet_id: bytesOf(subnetIdOf(created, 'System')) }
    expect(await client.post(`${created.path}/update/delete_subnet`, system)).toEqual({ status: 200, body: null })
    expect(folders()).toHaveLength(2)
    expect(await client.post(`${created.path}/update/delete_subnet`, system)).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/^SubnetNotFound/) },
    })
    await remove(created.path)
    const { topology } = await create({ subnet_config_set: none, state_dir: folder })
    expect(Object.values(topology.subnet_configs).map(({ subnet_kind: kind }) => kind)).toEqual(['NNS', 'Application'])
  })

  test.each([
    ['of a kind with ids of the public network', { nns: applicationSubnet, application: [applicationSubnet] }, 'NNS'],
    ['that is the only one', { application: [applicationSubnet] }, 'Application'],
    ['that canisters go to by default', { nns: applicationSubnet, application: [applicationSubnet] }, 'Application'],
  ])('%s: 400, and it stays', async (_title, config, kind) => {
    const created = await create({ subnet_config_set: config })
    const named = { subnet_id: bytesOf(subnetIdOf(created, kind)) }
    expect(await client.post(`${created.path}/update/delete_subnet`, named)).toEqual({
      status: 400,
      body: { message: expect.stringMatching(/^SubnetDeletionError\(".* stays"\)$/) },
    })
    expect((await client.get(`${created.path}/_/topology`)).body).toEqual(created.topology)
  })
})
