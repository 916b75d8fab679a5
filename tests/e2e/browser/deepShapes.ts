/** Recursions without end whose frames differ: where an engine's stack would end first, one of these shows it. */
const canister = (parts: string, call: string): string => `(module
  (import "ic0" "time" (func $time (result i64)))
  (memory 1)
  (table funcref (elem $deep))
  (type $shape (func (param i64) (result i64)))
  ${parts}
  (func (export "canister_update deep") ${call}))`

const many = (count: number, what: string): string => Array.from({ length: count }, () => what).join(' ')

export const deepShapes: { readonly [name: string]: string } = {
  'one parameter': canister(
    '(func $deep (param i64) (result i64) (i64.add (call $deep (local.get 0)) (i64.const 1)))',
    '(drop (call $deep (i64.const 1)))',
  ),
  'no parameter': canister('(func $deep (call $deep) (call $deep))', '(call $deep)'),
  'many locals': canister(
    `(func $deep (param i64) (result i64) (local ${many(200, 'i64')}) (i64.add (call $deep (local.get 0)) (local.get 150)))`,
    '(drop (call $deep (i64.const 1)))',
  ),
  'many parameters': canister(
    `(func $deep (param ${many(40, 'f64')}) (result i64)
       (i64.add (call $deep ${Array.from({ length: 40 }, (_, at) => `(local.get ${at})`).join(' ')}) (i64.const 1)))`,
    `(drop (call $deep ${many(40, '(f64.const 1)')}))`,
  ),
  vectors: canister(
    '(func $deep (param v128 v128) (result v128) (i8x16.add (call $deep (local.get 1) (local.get 0)) (local.get 0)))',
    '(drop (call $deep (v128.const i64x2 1 2) (v128.const i64x2 3 4)))',
  ),
  'a deep operand stack': canister(
    `(func $deep (param i64) (result i64) ${many(60, '(local.get 0)')} (call $deep (local.get 0)) ${many(60, '(i64.add)')})`,
    '(drop (call $deep (i64.const 1)))',
  ),
  'memory between calls': canister(
    `(func $deep (param i64) (result i64)
       (i64.store (i32.wrap_i64 (local.get 0)) (i64.add (i64.load (i32.const 8)) (local.get 0)))
       (i64.add (call $deep (local.get 0)) (i64.load (i32.const 16))))`,
    '(drop (call $deep (i64.const 1)))',
  ),
  'through a table': canister(
    '(func $deep (param i64) (result i64) (i64.add (call_indirect (type $shape) (local.get 0) (i32.const 0)) (i64.const 1)))',
    '(drop (call $deep (i64.const 1)))',
  ),
  'a system call in each': canister(
    '(func $deep (param i64) (result i64) (i64.add (call $deep (call $time)) (call $time)))',
    '(drop (call $deep (i64.const 1)))',
  ),
}
