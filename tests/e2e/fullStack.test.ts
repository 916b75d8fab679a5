import { Actor, HttpAgent } from '@dfinity/agent'
import { monitor, type MonitorService } from '@tidemark/bindings'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Stack, runProgram } from './support/stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await Stack.start()
}, 180_000)
afterAll(async () => {
  await stack?.stop()
})

async function orderOf(canister: string): Promise<string[]> {
  const result = await runProgram('watchHook.mjs', stack.host, stack.id(canister))
  expect(result.stderr).toBe('')
  return JSON.parse(result.stdout) as string[]
}

const cases: [canister: string, least: number, most: number][] = [
  ['low_wasm_memory_hook', 10, 30],
  ['low_wasm_memory_hook_wasm', 18, 18],
]

describe.each(cases)('%s, watched by a program that knows nothing but the agent', (canister, least, most) => {
  test(`runs ${least} to ${most} heartbeats, then the hook once`, async () => {
    const order = await orderOf(canister)
    expect(order.filter((entry) => entry === 'OnLowWasmMemory')).toHaveLength(1)
    expect(order.at(-1)).toBe('OnLowWasmMemory')
    expect(order.length - 1).toBeGreaterThanOrEqual(least)
    expect(order.length - 1).toBeLessThanOrEqual(most)
  })

  test('starts again after a reinstall', async () => {
    const deployed = await stack.tidemark('deploy', canister, '--mode', 'reinstall', '-y')
    expect(deployed.stderr).toBe('')
    expect(deployed.code).toBe(0)
    const order = await orderOf(canister)
    expect(order.filter((entry) => entry === 'OnLowWasmMemory')).toHaveLength(1)
    expect(order.length - 1).toBeGreaterThanOrEqual(least)
  })
})

test('a second stack on the same port is told who has it', async () => {
  const second = await stack.tidemark('start', '--host', `127.0.0.1:${stack.port}`)
  expect(second.code).not.toBe(0)
  expect(second.stderr).toContain(`Port ${stack.port} is taken`)
  expect(second.stderr).not.toContain('    at ')
})

test('the monitor tells balance, memory and order of both hook canisters in one answer', async () => {
  const agent = await HttpAgent.create({ host: stack.host, shouldFetchRootKey: true })
  const actor = Actor.createActor<MonitorService>(monitor.idlFactory, { agent, canisterId: stack.id('monitor') })
  const { canisters } = await actor.fleet()
  const ids = canisters.map((entry) => entry.canister.toText()).sort()
  expect(ids).toEqual([stack.id('low_wasm_memory_hook'), stack.id('low_wasm_memory_hook_wasm')].sort())
  for (const { latest } of canisters) {
    const [sample] = latest
    expect(sample?.cycles).toBeGreaterThan(0n)
    expect(sample?.executed_functions_order).toHaveLength(1)
  }
})

describe('settings and code in either order', () => {
  const limit = ['--wasm-memory-limit', '5000000', '--wasm-memory-threshold', '3000000']
  const settings = () => stack.tidemark('canister', 'update-settings', 'low_wasm_memory_hook_wasm', ...limit)
  const loose = () =>
    stack.tidemark('canister', 'update-settings', 'low_wasm_memory_hook_wasm', '--wasm-memory-limit', '0', '--wasm-memory-threshold', '0')

  test('settings first, code later', async () => {
    expect((await settings()).code).toBe(0)
    expect((await stack.tidemark('deploy', 'low_wasm_memory_hook_wasm', '--mode', 'reinstall', '-y')).code).toBe(0)
    expect(await orderOf('low_wasm_memory_hook_wasm')).toHaveLength(19)
  })

  test('code first, settings later', async () => {
    expect((await stack.tidemark('canister', 'stop', 'low_wasm_memory_hook_wasm')).code).toBe(0)
    expect((await loose()).code).toBe(0)
    expect((await stack.tidemark('deploy', 'low_wasm_memory_hook_wasm', '--mode', 'reinstall', '-y')).code).toBe(0)
    expect((await settings()).code).toBe(0)
    expect((await stack.tidemark('canister', 'start', 'low_wasm_memory_hook_wasm')).code).toBe(0)
    expect(await orderOf('low_wasm_memory_hook_wasm')).toHaveLength(19)
  })
})
