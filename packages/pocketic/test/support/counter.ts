/** A small canister with a Candid interface, in WebAssembly text. */
import { encodeUnsignedLeb128 } from '@tidemark/certification'
import { assemble } from '../../../../tests/support/index.ts'

/** `increment : () -> (nat32)` prints a line; `read : () -> (nat32) query` prints another. */
export const counterWasm = assemble(`(module
  (import "ic0" "msg_reply" (func $reply))
  (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
  (import "ic0" "debug_print" (func $print (param i32 i32)))
  (memory 1)
  (global $count (mut i32) (i32.const 0))
  (data (i32.const 0) "DIDL\\00\\01\\79")
  (data (i32.const 16) "incremented")
  (data (i32.const 32) "read")
  (data (i32.const 48) "installed")
  (func $answer
    (i32.store (i32.const 7) (global.get $count))
    (call $append (i32.const 0) (i32.const 11))
    (call $reply))
  (func (export "canister_init") (call $print (i32.const 48) (i32.const 9)))
  (func (export "canister_update increment")
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (call $print (i32.const 16) (i32.const 11))
    (call $answer))
  (func (export "canister_query read")
    (call $print (i32.const 32) (i32.const 4))
    (call $answer)))`)

export interface Counter {
  increment(): Promise<number>
  read(): Promise<number>
}

/** The module with a custom section of the given length at its end. */
export function padded(wasm: Uint8Array, length: number): Uint8Array {
  const name = Buffer.from('\u0003pad')
  return Uint8Array.from(Buffer.concat([wasm, Buffer.from([0]), encodeUnsignedLeb128(name.length + length), name, Buffer.alloc(length)]))
}
