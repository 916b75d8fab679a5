import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { IDL } from '@dfinity/candid'
import { lowWasmMemoryHook, lowWasmMemoryHookTypes } from '@tidemark/bindings'
import { buildCanister, readCustomSections } from '@tidemark/build'
import { beforeAll, expect, test } from 'vitest'
import { createHost, type Host } from './host.ts'

const root = join(import.meta.dirname, '..', '..', '..')
// The settings of the published walkthrough.
const limit = 5_000_000
const threshold = 3_000_000
const page = 65_536

let wasm: Uint8Array<ArrayBuffer>

beforeAll(async () => {
  wasm = Uint8Array.from(await readFile((await buildCanister({ name: 'low_wasm_memory_hook_wasm', root })).wasmPath))
})

const noArguments = IDL.encode([], [])
// Magic word, type table and types of the values; as long whichever way round the two types stand.
const tableSize = 23
const OrderReply = IDL.Vec(lowWasmMemoryHookTypes.Executed)

function orderOf(host: Host, argument: Uint8Array = noArguments): string[] {
  const [order] = IDL.decode([OrderReply], host.query('get_executed_functions_order', argument))
  return (Array.isArray(order) ? order : []).map((entry) => Object.keys(entry ?? {}).join())
}

const isDue = (host: Host) => limit - host.memorySize() < threshold

function beat(host: Host, times: number): void {
  for (let count = 0; count < times; count += 1) host.heartbeat()
}

test('the hook is due after the eighteenth heartbeat and not before', () => {
  const host = createHost(wasm)
  expect(host.memorySize()).toBe(22 * page)
  beat(host, 17)
  expect(isDue(host)).toBe(false)
  beat(host, 1)
  expect(isDue(host)).toBe(true)
  host.onLowWasmMemory()
  expect(orderOf(host)).toEqual([...Array<string>(18).fill('Heartbeat'), 'OnLowWasmMemory'])
})

test('memory grows by a page with every second heartbeat', () => {
  const host = createHost(wasm)
  const pages = Array.from({ length: 6 }, () => {
    beat(host, 1)
    return host.memorySize() / page
  })
  expect(pages).toEqual([22, 23, 23, 24, 24, 25])
})

test('after the hook heartbeats do nothing', () => {
  const host = createHost(wasm)
  beat(host, 3)
  host.onLowWasmMemory()
  const size = host.memorySize()
  beat(host, 10)
  expect(host.memorySize()).toBe(size)
  expect(orderOf(host)).toEqual(['Heartbeat', 'Heartbeat', 'Heartbeat', 'OnLowWasmMemory'])
})

test.each([0, 1, 127, 128, 300])('an order of %d entries is encoded as any Candid encoder would do it', (length) => {
  const host = createHost(wasm)
  beat(host, length)
  const reply = host.query('get_executed_functions_order', noArguments)
  // Encoders are free in the order of the type table, so the values after it are compared, and the types by decoding.
  const expected = IDL.encode([OrderReply], [Array.from({ length }, () => ({ Heartbeat: null }))])
  expect(reply.subarray(tableSize)).toEqual(expected.subarray(tableSize))
  expect(orderOf(host)).toHaveLength(length)
})

test('arguments that the method does not know are accepted, as Candid has it', () => {
  expect(orderOf(createHost(wasm), IDL.encode([IDL.Null, IDL.Text], [null, 'more']))).toEqual([])
})

test.each([
  ['nothing', []],
  ['too few bytes', [0x44, 0x49, 0x44]],
  ['something else', [1, 2, 3, 4, 5, 6]],
])('an argument that is %s traps', (_, argument) => {
  expect(() => orderOf(createHost(wasm), Uint8Array.from(argument))).toThrow('IDL error: the argument is not a Candid message')
})

test('memory that cannot grow any more is a trap with a reason, and the order keeps its length', () => {
  const host = createHost(withMaximum(wasm, 22))
  beat(host, 1)
  expect(() => host.heartbeat()).toThrow('out of memory: the heartbeat cannot grow the heap')
  expect(orderOf(host)).toEqual(['Heartbeat'])
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
