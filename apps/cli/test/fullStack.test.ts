import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createProject, repeatUntil } from './support/project.ts'

test('the full stack: both hooks fire under the eyes of the monitor, the page is served with all ids', { timeout: 240_000 }, async () => {
  // A page of one file instead of the dashboard, whose own build is tested where it lives.
  await using project = createProject(({ dashboard, ...others }) => ({
    ...others,
    dashboard: { ...dashboard, source: ['site'], build: [] },
  }))
  mkdirSync(join(project.path, 'site'))
  writeFileSync(join(project.path, 'site', 'index.html'), '<p>dashboard</p>')
  const stack = await project.start(['start', '--full-stack'])

  const shown = stack.out()
  const page = /Dashboard +http:\/\/([a-z0-9-]+)\.localhost:(\d+)\/\n +or +(http:\/\/127\.0\.0\.1:\d+\/\?canisterId=\1)\n/.exec(shown)
  expect(page, shown).not.toBeNull()
  const [, id = '', , legacy = ''] = page ?? []
  expect(shown).toMatch(/Ready in \d+\.\d s\./)
  const dashboard = await fetch(legacy)
  expect(await dashboard.text()).toBe('<p>dashboard</p>')
  expect(dashboard.headers.get('set-cookie')).toContain('PUBLIC_CANISTER_ID%3Amonitor')
  const beside = (path: string) => fetch(new URL(`${path}?canisterId=${id}`, legacy))
  const ids = (await (await beside('/canister_ids.json')).json()) as Record<string, { local: string }>
  expect(Object.keys(ids)).toEqual(['low_wasm_memory_hook', 'low_wasm_memory_hook_wasm', 'monitor', 'dashboard'])
  expect(new Uint8Array(await (await beside('/modules/low_wasm_memory_hook.wasm')).arrayBuffer()).slice(0, 4)).toEqual(
    Uint8Array.of(0, 0x61, 0x73, 0x6d),
  )

  for (const name of ['low_wasm_memory_hook', 'low_wasm_memory_hook_wasm']) {
    const { out } = await repeatUntil(() => project.run(`canister call ${name} get_executed_functions_order --query`), /OnLowWasmMemory/)
    expect(out.match(/OnLowWasmMemory/g)).toHaveLength(1)
    expect(out).toMatch(/Heartbeat.*OnLowWasmMemory \};?\s*\}/s)
  }
  const seen = await repeatUntil(
    () => project.run('canister call monitor fleet --identity anonymous --output json'),
    /OnLowWasmMemory[^]*OnLowWasmMemory/,
  )
  expect(seen.out).toContain('"claim": {\n    "Open": null\n  }')

  expect((await stack.stop()).code).toBe(0)
  await expect(fetch(legacy)).rejects.toThrow()

  // The next start goes on from there: the same ids, and nothing is installed a second time.
  const again = await project.start(['start', '--full-stack'])
  expect(again.out()).toContain(`http://${id}.localhost:`)
  expect(again.out()).not.toMatch(/Installing|Upgrading/)
  const order = await project.run('canister call low_wasm_memory_hook get_executed_functions_order --query')
  expect(order.out.match(/OnLowWasmMemory/g)).toHaveLength(1)
  await again.stop()
})

test('a canister that does not compile ends the start: file, line, what to do; exit code 1', { timeout: 120_000 }, async () => {
  await using project = createProject((canisters) => ({ ...canisters, low_wasm_memory_hook_wasm: { type: 'motoko', main: 'broken.mo' } }))
  writeFileSync(join(project.path, 'broken.mo'), 'persistent actor { public func f() : async Nat { "text" } }')
  const { code, err } = await project.run('deploy low_wasm_memory_hook_wasm --network http://127.0.0.1:1')
  expect([code, err]).toEqual([1, expect.stringContaining('No network answers')])
  const network = await project.start()
  const failed = await project.run('deploy low_wasm_memory_hook_wasm')
  expect(failed.code).toBe(1)
  expect(failed.err).toMatch(/^Error: Canister low_wasm_memory_hook_wasm does not build\.\nbroken\.mo:1:\d+: /)
  await network.stop()
})
