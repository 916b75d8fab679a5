import { expect, test } from 'vitest'
import wabtInit from 'wabt'
import { ModuleCache } from '../src/index.ts'

const wabt = await wabtInit()

function assemble(wat: string): Uint8Array {
  const module = wabt.parseWat('kept.wat', wat)
  const bytes = new Uint8Array(module.toBinary({}).buffer)
  module.destroy()
  return bytes
}

const bytes = assemble(`(module
  (import "ic0" "msg_reply" (func $reply))
  (memory 1 2) (table 1 funcref) (global $g (mut i64) (i64.const 5)) (data (i32.const 8) "kept")
  (func $add (param i32) (result i32) (i32.add (local.get 0) (i32.load (i32.const 8))))
  (func (export "canister_update run") (drop (call $add (i32.const 1))) (call $reply)))`)

/** A store as a process leaves it to the next. */
function store() {
  const kept = new Map<string, Uint8Array>()
  return { kept, load: (key: string) => kept.get(key), save: (key: string, rewritten: Uint8Array) => void kept.set(key, rewritten) }
}

test('a module that was kept is the same as one that is rewritten', () => {
  const modules = store()
  const first = new ModuleCache('none', { rewritten: modules }).prepare(bytes)
  expect(modules.kept.size).toBe(1)
  const second = new ModuleCache('none', { rewritten: modules }).prepare(bytes)
  expect(second.facts).toEqual(first.facts)
  expect(second.module).toEqual(first.module)
  expect(WebAssembly.Module.exports(second.compiled)).toEqual(WebAssembly.Module.exports(first.compiled))
})

test('one that was kept without what its bodies hold is read again', () => {
  const modules = store()
  const first = new ModuleCache('none', { rewritten: modules }).prepare(bytes)
  for (const [key, rewritten] of modules.kept) {
    const name = Buffer.from(rewritten).lastIndexOf('tidemark:bodies')
    const renamed = rewritten.slice()
    renamed[name] = 0x78
    modules.kept.set(key, renamed)
  }
  expect(new ModuleCache('none', { rewritten: modules }).prepare(bytes).facts).toEqual(first.facts)
})
