import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { IDL } from '@dfinity/candid'
import { lowWasmMemoryHookTypes } from '@tidemark/bindings'
import { buildCanister } from '@tidemark/build'
import { beforeAll, expect, test } from 'vitest'
import { createHost, type Host } from './host.ts'

const root = join(import.meta.dirname, '..', '..', '..')
// The settings of dfx.json: the hook is due once less than the threshold is free below the limit.
const limit = 8 * 2 ** 20
const threshold = 2 * 2 ** 20

let wasm: Uint8Array<ArrayBuffer>
let didPath: string

beforeAll(async () => {
  const built = await buildCanister({ name: 'low_wasm_memory_hook', root })
  wasm = Uint8Array.from(await readFile(built.wasmPath))
  didPath = built.didPath
})

function orderOf(host: Host): string[] {
  const [order] = IDL.decode([IDL.Vec(lowWasmMemoryHookTypes.Executed)], host.query('get_executed_functions_order', IDL.encode([], [])))
  return (Array.isArray(order) ? order : []).map((entry) => Object.keys(entry ?? {}).join())
}

function beatUntilLow(host: Host): number {
  let beats = 0
  while (limit - host.memorySize() >= threshold && beats < 100) {
    host.heartbeat()
    beats += 1
  }
  return beats
}

test('ten to thirty heartbeats bring a fresh canister to the point where the hook is due', () => {
  const host = createHost(wasm)
  expect(host.memorySize()).toBeLessThan(limit - threshold)
  const beats = beatUntilLow(host)
  expect(beats).toBeGreaterThanOrEqual(10)
  expect(beats).toBeLessThanOrEqual(30)
  expect(orderOf(host)).toEqual(Array<string>(beats).fill('Heartbeat'))
})

test('after the hook the order ends with it and the memory stays as it is', () => {
  const host = createHost(wasm)
  const beats = beatUntilLow(host)
  host.onLowWasmMemory()
  const size = host.memorySize()
  for (let more = 0; more < 20; more += 1) host.heartbeat()
  expect(orderOf(host)).toEqual([...Array<string>(beats).fill('Heartbeat'), 'OnLowWasmMemory'])
  expect(host.memorySize()).toBe(size)
})

test('a fresh installation starts with an empty order', () => {
  expect(orderOf(createHost(wasm))).toEqual([])
})

test('the checked-in interface is what the compiler emits', async () => {
  const checkedIn = await readFile(join(import.meta.dirname, '..', 'low_wasm_memory_hook.did'), 'utf8')
  expect(checkedIn).toBe(await readFile(didPath, 'utf8'))
})
