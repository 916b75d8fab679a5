/** Where an error came from, as `canister_on_error` is told. */
import { IDL } from '@dfinity/candid'
import { expect, test } from 'vitest'
import { lifecycleHooksTypes } from '@tidemark/bindings'
import { assemble, expectReply } from '../../../../tests/support/index.ts'
import { hookNetwork } from './support/hookNetwork.ts'

/** Methods that fail below `$outer` and `$inner`; the hook keeps its argument, which `told` gives back. */
const source = (hook = 'canister_on_error') => `(module
  (import "ic0" "trap" (func $ic0_trap (param i32 i32)))
  (import "ic0" "msg_reply" (func $reply))
  (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
  (import "ic0" "msg_arg_data_size" (func $size (result i32)))
  (import "ic0" "msg_arg_data_copy" (func $copy (param i32 i32 i32)))
  (memory 2)
  (global $kept (mut i32) (i32.const 0))
  (func $inner (param $how i32)
    (if (i32.eq (local.get $how) (i32.const 0)) (then unreachable))
    (if (i32.eq (local.get $how) (i32.const 1)) (then (call $ic0_trap (i32.const 0) (i32.const 0))))
    (if (i32.eq (local.get $how) (i32.const 2)) (then (drop (i32.load (i32.const 0x7ffffff0)))))
    (if (i32.eq (local.get $how) (i32.const 3)) (then (call $inner (i32.const 3)))))
  (func $outer (param $how i32) (call $inner (local.get $how)))
  ${[0, 1, 2, 3].map((how) => `(func $method${how} (export "canister_update fail${how}") (call $outer (i32.const ${how})))`).join('\n')}
  (func $keep (export "canister_update ${hook}")
    (global.set $kept (call $size)) (call $copy (i32.const 0) (i32.const 0) (global.get $kept)) (call $reply))
  (func $told (export "canister_query told") (call $append (i32.const 0) (global.get $kept)) (call $reply)))`

function backtraceOf(how: number, wasm: Uint8Array): [] | [string] {
  const { net } = hookNetwork()
  const id = net.install(wasm)
  net.call(id, `fail${how}`, '')
  net.tick()
  const { bytes } = expectReply(net.query(id, '', 'told'))
  const [, , error] = IDL.decode([IDL.Text, IDL.Vec(IDL.Nat8), lifecycleHooksTypes.HookError], bytes)
  return (error as unknown as lifecycleHooksTypes.HookError).backtrace
}

test.each([
  ['unreachable', 0],
  ['ic0.trap', 1],
  ['a load out of bounds', 2],
])('%s: the functions by name, the innermost first', (_, how) => {
  expect(backtraceOf(how, assemble(source(), { names: true }))).toEqual([`inner\nouter\nmethod${how}`])
})

test('a deep recursion is cut', () => {
  const [trace = ''] = backtraceOf(3, assemble(source(), { names: true }))
  expect(trace.split('\n')).toEqual(Array.from({ length: 32 }, () => 'inner'))
})

test('a module without names gives none', () => {
  expect(backtraceOf(0, assemble(source()))).toEqual([])
})

test('a function without a name has its index', () => {
  const unnamed = source().replace('(func $outer (param $how i32)', '(func (param $how i32)').replaceAll('(call $outer (', '(call 6 (')
  expect(backtraceOf(0, assemble(unnamed, { names: true }))).toEqual(['inner\nunknown function at index 6\nmethod0'])
})

test('the length does not depend on what the program around has set', () => {
  const before = Error.stackTraceLimit
  try {
    Error.stackTraceLimit = 1
    expect(backtraceOf(1, assemble(source(), { names: true }))).toEqual(['inner\nouter\nmethod1'])
    expect(Error.stackTraceLimit).toBe(1)
  } finally {
    Error.stackTraceLimit = before
  }
})
