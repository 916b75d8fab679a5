/** Modules in text form, assembled for a test. */
import createWabt from 'wabt'

const wabt = await createWabt()

/** Bytes of a module written as text, with metadata sections appended. */
export function assemble(wat: string, sections: Readonly<Record<string, string>> = {}): Uint8Array {
  const parsed = wabt.parseWat('module.wat', wat, { memory64: true })
  const { buffer } = parsed.toBinary({})
  parsed.destroy()
  const extra = Object.entries(sections).map(([name, contents]) => customSection(name, contents))
  return Uint8Array.from([...buffer, ...extra.flat()])
}

function customSection(name: string, contents: string): number[] {
  const encoder = new TextEncoder()
  const nameBytes = encoder.encode(name)
  const body = [...leb(nameBytes.length), ...nameBytes, ...encoder.encode(contents)]
  return [0, ...leb(body.length), ...body]
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >> 7)]
}

/** One page of heap, a counter in a global, and a stable memory page written by init. */
export const counter: Uint8Array = assemble(
  `(module
    (import "ic0" "stable64_grow" (func $grow (param i64) (result i64)))
    (import "ic0" "stable64_write" (func $write (param i64 i64 i64)))
    (import "ic0" "certified_data_set" (func $certify (param i32 i32)))
    (import "ic0" "global_timer_set" (func $timer (param i64) (result i64)))
    (import "ic0" "debug_print" (func $print (param i32 i32)))
    (memory (export "memory") 1)
    (global $count (mut i64) (i64.const 7))
    (data (i32.const 0) "hello")
    (func (export "canister_init")
      (global.set $count (i64.const 9))
      (drop (call $grow (i64.const 1)))
      (call $write (i64.const 0) (i64.const 0) (i64.const 5))
      (call $certify (i32.const 0) (i32.const 5))
      (drop (call $timer (i64.const 12345)))
      (call $print (i32.const 0) (i32.const 5)))
    (func (export "canister_update inc") (global.set $count (i64.add (global.get $count) (i64.const 1)))))`,
  { 'icp:public open': 'for all', 'icp:private closed': 'for owners' },
)

/** Does nothing. */
export const empty: Uint8Array = assemble('(module (memory 1))')

/** Prints, then traps when it is installed. */
export const trapping: Uint8Array = assemble(`(module
  (import "ic0" "debug_print" (func $print (param i32 i32)))
  (memory 1) (data (i32.const 0) "oh no")
  (func (export "canister_init") (call $print (i32.const 0) (i32.const 5)) (unreachable)))`)

/** Keeps its heap over upgrades, if asked to. */
export const persistent: Uint8Array = assemble('(module (memory 2))', { 'icp:private enhanced-orthogonal-persistence': '' })

/** A heap of 64-bit addresses. */
export const wide: Uint8Array = assemble('(module (memory i64 1))')

/** Cannot be upgraded but by skipping what it does before: writes to stable memory, then traps. */
export const stubborn: Uint8Array = assemble(`(module
  (import "ic0" "stable64_grow" (func $grow (param i64) (result i64)))
  (memory 1)
  (func (export "canister_pre_upgrade") (drop (call $grow (i64.const 3))) (unreachable)))`)

/** Saves a page of stable memory before an upgrade. */
export const saving: Uint8Array = assemble(`(module
  (import "ic0" "stable64_grow" (func $grow (param i64) (result i64)))
  (memory 1)
  (func (export "canister_pre_upgrade") (drop (call $grow (i64.const 1)))))`)

/** Traps once it has been upgraded to. */
export const unwelcome: Uint8Array = assemble('(module (memory 1) (func (export "canister_post_upgrade") (unreachable)))')
