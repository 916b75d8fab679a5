import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fetchIcp, hasIcp, icp } from './support/icp.ts'
import { Stack } from './support/stack.ts'

describe.skipIf(!hasIcp)('the real icp command', () => {
  let stack: Stack
  beforeAll(async () => {
    fetchIcp()
    stack = await Stack.start()
  }, 180_000)
  afterAll(async () => {
    await stack?.stop()
  })

  const run = (...args: string[]) => icp(stack.folder, join(stack.folder, '.icp-home'), {}, ...args)
  const network = () => ['-n', stack.host, '-k', 'fetch']

  test('accepts icp.yaml', async () => {
    const shown = await run('project', 'show')
    expect(shown.code, shown.stderr).toBe(0)
    for (const name of ['low_wasm_memory_hook', 'low_wasm_memory_hook_wasm', 'monitor', 'dashboard'])
      expect(shown.stdout).toContain(`name: ${name}`)
  })

  test('builds a canister to the module that is deployed', async () => {
    const built = await run('build', 'low_wasm_memory_hook_wasm')
    expect(built.code, built.stderr).toBe(0)
    const artifact = join(stack.folder, '.icp', 'cache', 'artifacts', 'low_wasm_memory_hook_wasm')
    expect(existsSync(artifact)).toBe(true)
    const hash = createHash('sha256').update(readFileSync(artifact)).digest('hex')
    const status = await stack.tidemark('canister', 'status', 'low_wasm_memory_hook_wasm')
    expect(status.stdout).toContain(`Module hash: 0x${hash}`)
  })

  test('reads a canister of the running network', async () => {
    const called = await run(
      'canister',
      'call',
      stack.id('low_wasm_memory_hook_wasm'),
      'get_executed_functions_order',
      '()',
      '--query',
      ...network(),
    )
    expect(called.code, called.stderr).toBe(0)
    expect(called.stdout).toContain('variant { Heartbeat }')
  })

  test('sees that it is no controller, as on any network', async () => {
    const status = await run('canister', 'status', stack.id('low_wasm_memory_hook_wasm'), ...network())
    expect(status.code, status.stderr).toBe(0)
    expect(status.stdout).toContain('Module hash: 0x')
  })

  test('creates a canister with cycles of the ledger, on the running network', async () => {
    await stack.said('the icp command can deploy to it')
    const created = await run('canister', 'create', '--detached', ...network())
    expect(created.code, created.stderr).toBe(0)
    const id = /Created canister with ID (\S+)/.exec(created.stdout)?.[1] ?? ''
    const status = await run('canister', 'status', id, ...network())
    expect(status.stdout, status.stderr).toContain('Cycles: 1_499_9')
  }, 120_000)
})
