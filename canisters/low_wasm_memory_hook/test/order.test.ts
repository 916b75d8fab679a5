import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lowWasmMemoryHook, type LowWasmMemoryHookService } from '@tidemark/bindings'
import { buildCanister } from '@tidemark/build'
import { createReplica, type Deployed, type TestReplica } from '@tidemark/testing'
import { beforeEach, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..')
const buildTimeout = 300_000
// The settings of dfx.json: the hook is due once less than the threshold is free below the limit.
const settings = { wasm_memory_limit: 8n * 2n ** 20n, wasm_memory_threshold: 2n * 2n ** 20n }

let replica: TestReplica
let canister: Deployed<LowWasmMemoryHookService>

beforeEach(async () => {
  replica = createReplica()
  canister = await replica.deploy('low_wasm_memory_hook', { binding: lowWasmMemoryHook, settings, root })
}, buildTimeout)

async function order(): Promise<string[]> {
  return (await canister.actor.get_executed_functions_order()).map((entry) => Object.keys(entry).join())
}

async function memorySize(): Promise<bigint> {
  const { id } = canister
  return (await replica.management({ effectiveCanisterId: id }).canister_status({ canister_id: id })).memory_metrics.wasm_memory_size
}

async function beatUntilHook(): Promise<string[]> {
  for (let beats = 0; beats < 100; beats++) {
    const seen = await order()
    if (seen.at(-1) === 'OnLowWasmMemory') return seen
    replica.tick()
  }
  throw new Error('a hundred heartbeats, and no hook')
}

test('ten to thirty heartbeats bring a fresh canister to the point where the hook runs', async () => {
  expect(await memorySize()).toBeLessThan(settings.wasm_memory_limit - settings.wasm_memory_threshold)
  const beats = (await beatUntilHook()).length - 1
  expect(beats).toBeGreaterThanOrEqual(10)
  expect(beats).toBeLessThanOrEqual(30)
  expect(await order()).toEqual([...Array<string>(beats).fill('Heartbeat'), 'OnLowWasmMemory'])
})

test('after the hook the order ends with it and the memory stays as it is', async () => {
  const seen = await beatUntilHook()
  const size = await memorySize()
  replica.tick(20)
  expect(await order()).toEqual(seen)
  expect(await memorySize()).toBe(size)
})

test('a fresh installation starts with an empty order', async () => {
  await replica.install(canister.id, 'low_wasm_memory_hook', { mode: 'reinstall', binding: lowWasmMemoryHook, root })
  expect((await order()).length).toBeLessThanOrEqual(1)
})

test('the checked-in interface is what the compiler emits', async () => {
  const checkedIn = await readFile(join(import.meta.dirname, '..', 'low_wasm_memory_hook.did'), 'utf8')
  expect(checkedIn).toBe(await readFile((await buildCanister({ name: 'low_wasm_memory_hook', root })).didPath, 'utf8'))
})
