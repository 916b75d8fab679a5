/** What every system function takes off the instruction counter, against the published list. */
import { readFileSync } from 'node:fs'
import { createTraceRecorder } from '@tidemark/trace'
import { describe, expect, test } from 'vitest'
import { type SystemFunction, type WasmMode, assemble, functionsFor, network, outcallParams } from '../../../../tests/support/index.ts'

interface Charge {
  readonly fixed: number
  readonly per_byte: number | null
}

const file = new URL('../../../../tests/conformance/data/system-api-costs.json', import.meta.url)
const { functions } = JSON.parse(readFileSync(file, 'utf8')) as { functions: Record<string, Charge> }

/** Which operands hold the number of bytes that are charged. */
const sizeOperands: Record<string, readonly number[]> = {
  msg_reply_data_append: [1],
  msg_reject: [1],
  call_new: [1, 3],
  call_data_append: [1],
  certified_data_set: [1],
  is_controller: [1],
  cost_sign_with_ecdsa: [1],
  cost_sign_with_schnorr: [1],
  cost_vetkd_derive_key: [1],
  env_var_name_copy: [3],
  env_var_value_copy: [4],
  stable_read: [2],
  stable_write: [2],
  stable64_read: [2],
  stable64_write: [2],
  debug_print: [1],
  trap: [1],
}

/** What stands at the beginning of the heap where a function does not take zeros, with the operands that say so. */
const heapOperands: Record<string, { readonly bytes: Uint8Array; readonly operands: readonly number[] }> = {
  cost_http_request_v2: { bytes: outcallParams(), operands: [0, outcallParams().length, 1_000] },
}

/** Instructions per byte of what goes into an empty log. */
const logCharge = 52
const page = 80_000

/** Runs a message that makes one call with the same size in every size operand, in a module of its own. */
function instructionsOf(mode: WasmMode, name: string, fn: SystemFunction, size: number): number {
  const wide = mode === 'wasm64'
  const type = (letter: string) => (letter === 'I' ? (wide ? 'i64' : 'i32') : letter)
  const sizes = sizesOf(name)
  const heap = heapOperands[name]
  const operand = (n: number) => heap?.operands[n] ?? (sizes.includes(n) ? size : 0)
  const operands = fn.params.map((letter, n) => `(${type(letter)}.const ${operand(n)})`).join(' ')
  const text = [...(heap?.bytes ?? [])].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')
  const data = heap === undefined ? '' : `(data (${wide ? 'i64' : 'i32'}.const 0) "${text}")`
  const signature = `(param ${fn.params.map(type).join(' ')}) ${fn.result === undefined ? '' : `(result ${type(fn.result)})`}`
  const call = `(call $f ${operands})`
  const body = fn.result === undefined ? call : `(drop ${call})`
  const wat = `(module (import "ic0" "${name}" (func $f ${signature})) (memory ${wide ? 'i64 ' : ''}1) ${data} (func (export "canister_update run") ${body}))`
  const trace = createTraceRecorder({ capacity: 10 })
  const net = network({ profile: '2026', trace })
  const id = net.install(assemble(wat))
  net.call(id, 'run', new Uint8Array(100))
  return Number(trace.events().find((event) => event.kind === 'update')?.instructions)
}

function sizesOf(name: string): readonly number[] {
  return sizeOperands[name] ?? (name.endsWith('_copy') ? [2] : [])
}

/** Entry, operands, call and drop, then the charge of the function. */
function expected(name: string, fn: SystemFunction, size: number): number {
  const charge = functions[name] as Charge
  const perByte = charge.per_byte ?? logCharge + (name === 'trap' ? 1 : 0)
  const bytes = size * Math.max(1, sizesOf(name).length)
  return 1 + fn.params.length + 5 + (fn.result === undefined ? 0 : 1) + charge.fixed + perByte * bytes
}

test('lists the functions that the specification lists', () => {
  const removed = ['mint_cycles', 'mint_cycles128']
  expect(
    Object.keys(functions)
      .filter((name) => !removed.includes(name))
      .sort(),
  ).toEqual(
    functionsFor('wasm32')
      .map(([name]) => name)
      .sort(),
  )
})

describe.each(['wasm32', 'wasm64'] satisfies WasmMode[])('%s', (mode) => {
  const rows = functionsFor(mode).map(([name, fn]) => ({ name, fn }))

  test.each(rows)('ic0.$name', ({ name, fn }) => {
    const used = instructionsOf(mode, name, fn, 0)
    // What writes 16 bytes of cycles touches a page, where it is allowed.
    expect([0, 2 * page]).toContain(used - expected(name, fn, 0))
    expect((used - expected(name, fn, 0)) % page).toBe(0)
  })

  test.each(rows.filter(({ name }) => sizesOf(name).length > 0))('ic0.$name per byte', ({ name, fn }) => {
    const used = instructionsOf(mode, name, fn, 20)
    expect((used - expected(name, fn, 20)) % page).toBe(0)
    expect(Math.floor((used - expected(name, fn, 20)) / page)).toBeLessThanOrEqual(2)
  })
})

test('what a system subnet prints is written out, too, and charged for that', () => {
  const printing = (subnetType: 'application' | 'system') => {
    const trace = createTraceRecorder({ capacity: 10 })
    const net = network({ profile: '2026', trace, subnetType })
    const wat = `(module (import "ic0" "debug_print" (func $f (param i32 i32))) (memory 1) (func (export "canister_update run") (call $f (i32.const 0) (i32.const 42))))`
    net.call(net.install(assemble(wat)), 'run', '')
    return Number(trace.events().find((event) => event.kind === 'update')?.instructions)
  }
  expect(printing('system') - printing('application')).toBe(42)
})
