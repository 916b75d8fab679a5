/** Modules whose methods and callbacks take exactly so many instructions. */
import type { Principal } from '@tidemark/types'
import { assemble } from '../../support/index.ts'

/** Reading a table's size and dropping it. */
const sizeReads = 100
const turnCost = 101 * sizeReads + 6

/**
 * A body that takes exactly so many instructions, the one of entering the function included.
 *
 * Costs of the metering: 1 to enter, 1 for a constant, a local or `nop`, 2 for `br_if`, 100 for `table.size`.
 */
function body(instructions: number): string {
  const turns = Math.floor(Math.max(0, instructions - 3) / turnCost)
  if (turns === 0) return '(nop)'.repeat(instructions - 1)
  const turn = `${'(drop (table.size $t))'.repeat(sizeReads)}(br_if $turn (local.tee $n (i32.sub (local.get $n) (i32.const 1))))`
  return `(local $n i32)(local.set $n (i32.const ${turns}))(loop $turn ${turn})${'(nop)'.repeat(instructions - 3 - turns * turnCost)}`
}

/** A module with one update method `run` that takes exactly so many instructions and answers nothing. */
export function exactModule(instructions: number, mode: 'wasm32' | 'wasm64'): Uint8Array {
  const memory = mode === 'wasm64' ? '(memory i64 1)' : ''
  return assemble(`(module ${memory}(table $t 1 funcref)(func (export "canister_update run") ${body(instructions)}))`)
}

export interface ExactCall {
  readonly callee: Principal
  readonly methodName: string
  readonly argumentBytes: number
  readonly callbackInstructions: number
}

/** Where the caller notes its balance before and after the call, and the price of the call. */
const noted = 32

/**
 * A module whose method `go` makes one call, and answers with its balance before the call, its balance after the call and
 * the call's price as the system tells it, 16 bytes each. The callback takes exactly so many instructions.
 */
export function exactCaller({ callee, methodName, argumentBytes, callbackInstructions }: ExactCall): Uint8Array {
  const id = [...callee.bytes].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')
  return assemble(`(module
    (import "ic0" "canister_cycle_balance128" (func $balance (param i32)))
    (import "ic0" "cost_call" (func $price (param i64 i64 i32)))
    (import "ic0" "call_new" (func $new (param i32 i32 i32 i32 i32 i32 i32 i32)))
    (import "ic0" "call_data_append" (func $append (param i32 i32)))
    (import "ic0" "call_perform" (func $perform (result i32)))
    (import "ic0" "msg_reply_data_append" (func $answer (param i32 i32)))
    (import "ic0" "msg_reply" (func $reply))
    (memory 34)
    (table $t 1 funcref)
    (elem (i32.const 0) $callback)
    (data (i32.const 100) "${id}")
    (data (i32.const 200) "${methodName}")
    (func $callback (param i32) ${body(callbackInstructions)})
    (func (export "canister_update go")
      (call $balance (i32.const ${noted}))
      (call $new (i32.const 100) (i32.const ${callee.bytes.length}) (i32.const 200) (i32.const ${methodName.length})
        (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
      (call $append (i32.const 1024) (i32.const ${argumentBytes}))
      (if (call $perform) (then unreachable))
      (call $balance (i32.const ${noted + 16}))
      (call $price (i64.const ${methodName.length}) (i64.const ${argumentBytes}) (i32.const ${noted + 32}))
      (call $answer (i32.const ${noted}) (i32.const 48))
      (call $reply)))`)
}

/** A module with one method that answers with so many bytes. */
export function answering(methodName: string, replyBytes: number): Uint8Array {
  return assemble(`(module
    (import "ic0" "msg_reply_data_append" (func $answer (param i32 i32)))
    (import "ic0" "msg_reply" (func $reply))
    (memory 1)
    (func (export "canister_update ${methodName}") (call $answer (i32.const 0) (i32.const ${replyBytes})) (call $reply)))`)
}
