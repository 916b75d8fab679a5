import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { findProject, readProject, requireCanister } from '../../src/project/dfxJson.ts'
import { temporaryFolder } from '../support/terminal.ts'

test('the project of this repository is read with its memory settings', () => {
  const project = readProject(fileURLToPath(new URL('../../../../dfx.json', import.meta.url)))
  expect([...project.canisters.keys()]).toEqual([
    'low_wasm_memory_hook',
    'low_wasm_memory_hook_wasm',
    'monitor',
    'lifecycle_hooks',
    'lifecycle_hooks_ts',
    'dashboard',
  ])
  expect(requireCanister(project, 'low_wasm_memory_hook').initialSettings).toEqual({
    wasmMemoryLimitBytes: 8_388_608n,
    wasmMemoryThresholdBytes: 2_097_152n,
  })
  expect(requireCanister(project, 'low_wasm_memory_hook_wasm').initialSettings).toEqual({
    wasmMemoryLimitBytes: 5_000_000n,
    wasmMemoryThresholdBytes: 3_000_000n,
  })
})

test('dfx.json is looked for upwards', () => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, 'dfx.json'), '{ "canisters": { "a": {} } }')
  mkdirSync(join(folder.path, 'src', 'deep'), { recursive: true })
  const project = findProject(join(folder.path, 'src', 'deep'))
  expect(project?.root).toBe(folder.path)
  expect(project?.canisters.get('a')?.type).toBe('motoko')
})

test.each([
  ['{', 'dfx.json cannot be read.'],
  ['{ "canisters": [] }', 'dfx.json: canisters must be an object.'],
  ['{ "canisters": { "a": { "main": 1 } } }', 'dfx.json: canisters.a.main must be a text.'],
  [
    '{ "canisters": { "a": { "initialization_values": { "wasm_memory_limit": "5 parsec" } } } }',
    'canisters.a.initialization_values.wasm_memory_limit must be a number of bytes up to 2^48, such as 5000000 or "8 MiB", not "5 parsec".',
  ],
])('%s', (content, message) => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'dfx.json')
  writeFileSync(file, content)
  expect(() => readProject(file)).toThrow(message)
})
