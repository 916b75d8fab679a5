import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { IDL } from '@dfinity/candid'
import { lowWasmMemoryHook, lowWasmMemoryHookTypes } from '@tidemark/bindings'
import { buildCanister, readCustomSections } from '@tidemark/build'
import { createReplica, type Deployed, type SomeSettings, type TestReplica } from '@tidemark/testing'
import { beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..')
// The settings of the published walkthrough.
const settings = { wasm_memory_limit: 5_000_000n, wasm_memory_threshold: 3_000_000n }
const page = 65_536n

let wasm: Uint8Array<ArrayBuffer>

beforeAll(async () => {
  wasm = Uint8Array.from(await readFile((await buildCanister({ name: 'low_wasm_memory_hook_wasm', root })).wasmPath))
})

const noArguments = new Uint8Array(IDL.encode([], []))
// Magic word, type table and types of the values; as long whichever way round the two types stand.
const tableSize = 23
const OrderReply = IDL.Vec(lowWasmMemoryHookTypes.Executed)

type Canister = Deployed<unknown> & { readonly replica: TestReplica }

/** The canister on a network of its own, and what it has done since. */
async function deploy({ module = wasm, ...options }: { module?: Uint8Array; settings?: SomeSettings } = {}): Promise<Canister> {
  const replica = createReplica()
  return { replica, ...(await replica.deploy(module, { binding: lowWasmMemoryHook, settings, ...options })) }
}

function replyOf({ replica, id }: Canister, argument: Uint8Array = noArguments): Uint8Array {
  return replica.call(id, 'get_executed_functions_order', argument, { query: true })
}

function orderOf(canister: Canister, argument?: Uint8Array): string[] {
  const [order] = IDL.decode([OrderReply], replyOf(canister, argument))
  return (Array.isArray(order) ? order : []).map((entry) => Object.keys(entry ?? {}).join())
}

async function memorySize({ replica, id }: Canister): Promise<bigint> {
  return (await replica.management({ effectiveCanisterId: id }).canister_status({ canister_id: id })).memory_metrics.wasm_memory_size
}

/** Rounds until there are so many entries. */
function beatUntil(canister: Canister, entries: number): void {
  while (orderOf(canister).length < entries) canister.replica.tick()
}

test('the hook runs after the eighteenth heartbeat and not before', async () => {
  const canister = await deploy()
  canister.replica.tick(40)
  expect(orderOf(canister)).toEqual([...Array<string>(18).fill('Heartbeat'), 'OnLowWasmMemory'])
})

test('memory grows by a page with every second heartbeat', async () => {
  const canister = await deploy()
  const start = orderOf(canister).length
  const sizes = new Map<number, bigint>()
  for (let round = 0; round < 8; round++) {
    sizes.set(orderOf(canister).length, (await memorySize(canister)) / page)
    canister.replica.tick()
  }
  const expected = new Map([...sizes.keys()].map((beats) => [beats, 22n + BigInt(beats >> 1)]))
  expect(start).toBeLessThan(3)
  expect(sizes).toEqual(expected)
})

test('after the hook heartbeats do nothing', async () => {
  const canister = await deploy()
  canister.replica.tick(40)
  const size = await memorySize(canister)
  canister.replica.tick(10)
  expect(await memorySize(canister)).toBe(size)
  expect(orderOf(canister)).toHaveLength(19)
})

test.each([1, 127, 128, 300])('an order of %d entries is encoded as any Candid encoder would do it', async (length) => {
  const canister = await deploy({ settings: {} })
  beatUntil(canister, length)
  const order = orderOf(canister)
  // Encoders are free in the order of the type table, so the values after it are compared, and the types by decoding.
  const expected = new Uint8Array(IDL.encode([OrderReply], [order.map((name) => ({ [name]: null }))]))
  expect(replyOf(canister).subarray(tableSize)).toEqual(expected.subarray(tableSize))
})

test('arguments that the method does not know are accepted, as Candid has it', async () => {
  const canister = await deploy()
  expect(orderOf(canister, new Uint8Array(IDL.encode([IDL.Null, IDL.Text], [null, 'more'])))).toEqual(orderOf(canister))
})

test.each([
  ['nothing', []],
  ['too few bytes', [0x44, 0x49, 0x44]],
  ['something else', [1, 2, 3, 4, 5, 6]],
])('an argument that is %s traps', async (_, argument) => {
  const canister = await deploy()
  expect(() => orderOf(canister, Uint8Array.from(argument))).toThrow('IDL error: the argument is not a Candid message')
})

test('memory that cannot grow any more is a trap with a reason, and the order keeps its length', async () => {
  const { replica, id, ...rest } = await deploy({ module: withMaximum(wasm, 22) })
  replica.tick(5)
  expect(orderOf({ replica, id, ...rest })).toEqual(['Heartbeat'])
  const { canister_log_records: records } = await replica
    .management({ effectiveCanisterId: id })
    .fetch_canister_logs({ canister_id: id, filter: [] })
  const lines = records.map(({ content }) => new TextDecoder().decode(Uint8Array.from(content)))
  expect(lines.at(-1)).toContain('out of memory: the heartbeat cannot grow the heap')
})

test('its interface is the one of the Motoko example, and the module carries it as public metadata', async () => {
  const [section] = readCustomSections(wasm).filter(({ name }) => name === 'icp:public candid:service')
  const did = await readFile(join(import.meta.dirname, '..', 'low_wasm_memory_hook_wasm.did'), 'utf8')
  expect(new TextDecoder().decode(section?.contents)).toBe(did)
  expect(withoutLayout(did)).toBe(withoutLayout(lowWasmMemoryHook.did))
})

const withoutLayout = (did: string) => did.replace(/\s+/g, '').replaceAll(';}', '}')

/** The module with a limit on its memory section: `00 min` becomes `01 min max`. */
function withMaximum(module: Uint8Array, pages: number): Uint8Array<ArrayBuffer> {
  const at = module.findIndex((_, index) => String(module.subarray(index, index + 5)) === '5,3,1,0,22')
  return Uint8Array.from([...module.subarray(0, at), 5, 4, 1, 1, 22, pages, ...module.subarray(at + 5)])
}
