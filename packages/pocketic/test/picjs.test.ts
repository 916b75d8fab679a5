/** PicJS as it comes from npm, over the executable. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createIdentity, type PocketIc as Pic, PocketIc, PocketIcServer } from '@dfinity/pic'
import { buildCanister } from '@tidemark/build'
import { managementCanisterId } from '@tidemark/types'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { encodeManagement, type Program, program, universalCanister } from '../../../tests/support/index.ts'
import { type Counter, counterWasm, padded } from './support/counter.ts'
import { useExecutable } from './support/server.ts'

type CanisterId = Awaited<ReturnType<Pic['createCanister']>>

const wasm = universalCanister({ exports: ['global_timer', 'pre_upgrade', 'heartbeat'] })
const root = join(import.meta.dirname, '..', '..', '..')
const decoder = new TextDecoder()
/** Earlier versions neither ask for the status of a canister nor pass all settings on. */
const knowsSettings = 'canisterStatus' in PocketIc.prototype

const counterInterface: Parameters<Pic['createActor']>[0] = ({ IDL }) =>
  IDL.Service({ increment: IDL.Func([], [IDL.Nat32], []), read: IDL.Func([], [IDL.Nat32], ['query']) })

let server: PocketIcServer
let pic: PocketIc

beforeAll(async () => {
  useExecutable()
  server = await PocketIcServer.start()
})

afterAll(async () => {
  await server.stop()
})

beforeEach(async () => {
  pic = await PocketIc.create(server.getUrl())
})

afterEach(async () => {
  await pic.tearDown()
})

async function setUp(init: Program = program(), module = wasm): Promise<CanisterId> {
  const canisterId = await pic.createCanister()
  await pic.installCode({ canisterId, wasm: module, arg: init.bytes() })
  return canisterId
}

const update = async (canisterId: CanisterId, body: Program) => pic.updateCall({ canisterId, method: 'update', arg: body.bytes() })
const query = async (canisterId: CanisterId, body: Program) => pic.queryCall({ canisterId, method: 'query', arg: body.bytes() })
const textOf = (bytes: Uint8Array) => decoder.decode(bytes)

describe('calls', () => {
  test('updates change state, queries do not', async () => {
    const id = await setUp()
    await update(id, program().note('a').reply())
    await query(id, program().note('b').reply())
    expect(textOf(await query(id, program().replyState()))).toBe('a')
  })

  test('senders are who the client says', async () => {
    const id = await setUp()
    const alice = createIdentity('alice').getPrincipal()
    const caller = await pic.updateCall({
      canisterId: id,
      method: 'update',
      arg: program().read('msg_caller').replyTop().bytes(),
      sender: alice,
    })
    expect(caller).toEqual(alice.toUint8Array())
  })

  test('failures name the code and whether they are certified', async () => {
    const id = await setUp()
    await expect(update(id, program().trap('no'))).rejects.toThrow(
      /Reject code: CanisterError\. Error code: CanisterCalledTrap\. Certified: true/,
    )
    await expect(query(id, program().trap('no'))).rejects.toThrow(/Error code: CanisterCalledTrap\. Certified: false/)
    await expect(update(id, program().reject('sorry'))).rejects.toThrow(/sorry\. Reject code: CanisterReject/)
    await expect(pic.updateCall({ canisterId: id, method: 'none' })).rejects.toThrow(/CanisterMethodNotFound/)
  })

  test('a submitted call runs in the next round and not before', async () => {
    const canisterId = await setUp(program(), counterWasm)
    const actor = pic.createActor<Counter>(counterInterface, canisterId)
    const deferred = pic.createDeferredActor<Counter>(counterInterface, canisterId)
    const [first, second] = [await deferred.increment(), await deferred.increment()]
    expect(await actor.read()).toBe(0)
    await pic.tick()
    expect(await actor.read()).toBe(2)
    expect([await second(), await first()]).toEqual([2, 1])
  })
})

describe('time', () => {
  test('starts where every instance starts, and moves only when it is told to', async () => {
    expect(await pic.getTime()).toBe(1_620_328_630_000)
    await pic.advanceTime(60_000)
    expect(await pic.getTime()).toBe(1_620_328_690_000)
    await expect(pic.setTime(new Date('2000-01-01T00:00:00Z'))).rejects.toThrow(
      /SettingTimeIntoPast\(\(1620328690000000000, 946684800000000000\)\)/,
    )
  })

  test('reaches canisters with the next round, or at once when it is certified', async () => {
    const id = await setUp()
    const time = program().sys('time').replyInt()
    const seen = async () => Buffer.from(await query(id, time)).readBigUInt64LE()
    const before = await seen()
    await pic.advanceTime(5_000)
    expect(await seen()).toBe(before)
    await pic.tick()
    expect(await seen()).toBe(before + 5_000_000_000n)
    await pic.tick(2)
    expect(await seen()).toBe(before + 5_000_000_002n)
    const date = new Date('2030-01-01T00:00:00Z')
    await pic.setCertifiedTime(date)
    expect(await seen()).toBe(BigInt(date.getTime()) * 1_000_000n)
  })

  test('timers fire in rounds after their time', async () => {
    const id = await setUp(program().on('global_timer', program().note('timer')))
    await update(id, program().sys('global_timer_set', 1_620_328_640_000_000_000n).op('drop').reply())
    await pic.tick(3)
    expect(textOf(await query(id, program().replyState()))).toBe('')
    await pic.advanceTime(60_000)
    await pic.tick()
    expect(textOf(await query(id, program().replyState()))).toBe('timer')
  })
})

describe('canisters', () => {
  test('have cycles that tests can add to, beyond what a double holds', async () => {
    const id = await setUp()
    const before = await pic.getCyclesBalance(id)
    const after = await pic.addCycles(id, 9_007_199_254_740_993n)
    expect(BigInt(after) - BigInt(before)).toBe(9_007_199_254_740_993n)
    expect(await pic.getCyclesBalance(id)).toBe(after)
  })

  test('have stable memory that tests can replace', async () => {
    const id = await setUp()
    await pic.setStableMemory(id, Uint8Array.of(1, 2, 3))
    const memory = await pic.getStableMemory(id)
    expect(memory.length).toBe(65_536)
    expect([...memory.subarray(0, 4)]).toEqual([1, 2, 3, 0])
    expect(Buffer.from(await query(id, program().sys('stable64_size').replyInt())).readBigUInt64LE()).toBe(1n)
  })

  test.runIf(knowsSettings)('have controllers, settings and a status', async () => {
    const [alice, bob] = ['alice', 'bob'].map((name) => createIdentity(name).getPrincipal())
    if (alice === undefined || bob === undefined) throw new Error('no identities')
    const canisterId = await pic.createCanister({ controllers: [alice], sender: alice, wasmMemoryLimit: 8_000_000n })
    expect((await pic.getControllers(canisterId)).map(String)).toEqual([alice.toText()])
    await pic.updateCanisterSettings({
      canisterId,
      sender: alice,
      controllers: [alice, bob],
      wasmMemoryThreshold: 2_000_000n,
      freezingThreshold: 7n,
    })
    const { settings, status } = await pic.canisterStatus({ canisterId, sender: bob })
    expect(settings).toMatchObject({ wasmMemoryLimit: 8_000_000n, wasmMemoryThreshold: 2_000_000n, freezingThreshold: 7n })
    expect(status).toHaveProperty('running')
    await expect(pic.canisterStatus({ canisterId })).rejects.toThrow(/CanisterStatusAccessDenied/)
  })

  test('upgrade and keep stable memory; reinstalling forgets it', async () => {
    const id = await setUp()
    await pic.setStableMemory(id, Uint8Array.of(7))
    await pic.upgradeCanister({ canisterId: id, wasm })
    expect((await pic.getStableMemory(id))[0]).toBe(7)
    await pic.reinstallCode({ canisterId: id, wasm })
    expect(await pic.getStableMemory(id)).toHaveLength(0)
  })

  test('stop and start', async () => {
    const id = await setUp()
    await pic.stopCanister({ canisterId: id })
    await expect(update(id, program().reply())).rejects.toThrow(/CanisterStopped/)
    await pic.startCanister({ canisterId: id })
    await update(id, program().reply())
  })

  test('install modules that are too long for one message', async () => {
    const id = await setUp(program().note('long'), padded(wasm, 2_000_000))
    expect(textOf(await query(id, program().replyState()))).toBe('long')
  })
})

describe('instances', () => {
  test('are alike and apart', async () => {
    const other = await PocketIc.create(server.getUrl())
    const [mine, theirs] = [await pic.createCanister(), await other.createCanister()]
    expect(mine.toText()).toBe(theirs.toText())
    await pic.addCycles(mine, 5n)
    expect(await pic.getCyclesBalance(mine)).not.toBe(await other.getCyclesBalance(theirs))
    await other.tearDown()
    expect(await pic.getCyclesBalance(mine)).toBeDefined()
  })

  test('describe their subnet', async () => {
    const [subnet, ...others] = await pic.getApplicationSubnets()
    expect(others).toEqual([])
    const id = await pic.createCanister()
    expect((await pic.getCanisterSubnetId(id))?.toText()).toBe(subnet?.id.toText())
    expect(subnet).toMatchObject({ type: 'Application', size: 13 })
    expect(id.toText()).toBe(subnet?.canisterRanges[0]?.start.toText())
    if (subnet !== undefined) expect(await pic.getPubKey(subnet.id)).toHaveLength(133)
  })
})

test('an HTTP request of a canister is listed and answered', async () => {
  const request = encodeManagement('http_request', {
    url: 'https://example.com/',
    method: { get: null },
    headers: [],
    body: [],
    max_response_bytes: [],
    transform: [],
    is_replicated: [],
    pricing_version: [],
  })
  const forward = program().call(managementCanisterId, 'http_request', request, {
    cycles: 10n ** 12n,
    onReply: program().note('answered'),
  })
  const id = await setUp()
  await update(id, forward.reply())
  await pic.tick()
  const [outcall, ...others] = await pic.getPendingHttpsOutcalls()
  expect(others).toEqual([])
  expect(outcall).toMatchObject({ url: 'https://example.com/', httpMethod: 'GET', headers: [] })
  if (outcall === undefined) return
  const { requestId, subnetId } = outcall
  const response = { type: 'success', statusCode: 200, headers: [], body: new Uint8Array(0) } as const
  await pic.mockPendingHttpsOutcall({ requestId, subnetId, response: { ...response, headers: [] } })
  await pic.tick()
  expect(await pic.getPendingHttpsOutcalls()).toEqual([])
  expect(textOf(await query(id, program().replyState()))).toBe('answered')
})

test.runIf(knowsSettings)('the Motoko example runs its hook after nineteen heartbeats and once', async () => {
  const { wasmPath } = await buildCanister({ name: 'low_wasm_memory_hook', root })
  const canisterId = await pic.createCanister({ wasmMemoryLimit: 8_388_608n, wasmMemoryThreshold: 2_097_152n })
  await pic.installCode({ canisterId, wasm: Uint8Array.from(await readFile(wasmPath)) })
  const actor = pic.createActor<{ get_executed_functions_order(): Promise<object[]> }>(
    ({ IDL }) =>
      IDL.Service({
        get_executed_functions_order: IDL.Func([], [IDL.Vec(IDL.Variant({ Heartbeat: IDL.Null, OnLowWasmMemory: IDL.Null }))], ['query']),
      }),
    canisterId,
  )
  await pic.tick(60)
  const order = await actor.get_executed_functions_order()
  const names = order.map((entry) => Object.keys(entry).join())
  expect(names.at(-1)).toBe('OnLowWasmMemory')
  expect(names.filter((name) => name === 'OnLowWasmMemory')).toHaveLength(1)
  expect(names.filter((name) => name === 'Heartbeat').length).toBeGreaterThan(10)
})
