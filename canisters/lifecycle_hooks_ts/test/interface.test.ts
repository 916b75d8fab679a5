import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { IDL } from '@dfinity/candid'
import { lifecycleHooksExample } from '@tidemark/bindings'
import { buildCanister, readCustomSections } from '@tidemark/build'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..')

test('it offers the methods of its Motoko twin, and the one by which it calls itself', async () => {
  const { wasmPath } = await buildCanister({ name: 'lifecycle_hooks_ts', root })
  const exports = WebAssembly.Module.exports(new WebAssembly.Module(await readFile(wasmPath))).map(({ name }) => name)
  const kindOf = ({ annotations }: IDL.FuncClass) => (annotations.includes('query') ? 'canister_query' : 'canister_update')
  const methods = lifecycleHooksExample.idlFactory({ IDL })._fields.map(([name, type]) => `${kindOf(type)} ${name}`)
  expect(exports).toEqual(
    expect.arrayContaining([...methods, 'canister_update canister_hook_run', 'canister_on_low_wasm_memory', 'canister_inspect_message']),
  )
})

test('its interface is that of the twin and one method more', async () => {
  const own = await readFile(join(import.meta.dirname, '..', 'lifecycle_hooks_ts.did'), 'utf8')
  const [comment, ...lines] = own.split('\n')
  expect(comment).toMatch(/^\/\/ /)
  expect(lines.filter((line) => !line.includes('canister_hook_run:')).join('\n')).toBe(lifecycleHooksExample.did)
})

test('the module carries it as public metadata', async () => {
  const { wasmPath, didPath } = await buildCanister({ name: 'lifecycle_hooks_ts', root })
  const [section] = readCustomSections(await readFile(wasmPath)).filter(({ name }) => name === 'icp:public candid:service')
  expect(new TextDecoder().decode(section?.contents)).toBe(await readFile(didPath, 'utf8'))
})
