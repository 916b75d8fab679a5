import { describe, expect, test } from 'vitest'
import type { InstrumentOptions } from '../src/index.ts'
import { start } from './support/host.ts'
import { assemble } from './support/wat.ts'

const generations: readonly (readonly [string, InstrumentOptions])[] = [
  ['2025', { pageCharges: 'dirty-4k-after' }],
  ['2026', {}],
  ['without charges', { pageCharges: 'none' }],
]

function bytesOf(memory: WebAssembly.Memory | undefined): Uint8Array {
  return new Uint8Array(memory?.buffer ?? new ArrayBuffer(0))
}

describe.each(generations)('a rolled back message, page charges %s', (_name, options) => {
  test.each(['', 'i64 '])('leaves the memory as it was, bit for bit (%smemory)', (width) => {
    const t = width === '' ? 'i32' : 'i64'
    const guest = start(
      assemble(`(module (memory (export "m") ${width}3) (data (${t}.const 4090) "across a page border") (data $p "passive")
        (func (export "run")
          (i64.store (${t}.const 4093) (i64.const -1))
          (i32.store8 (${t}.const 0) (i32.const 7))
          (memory.fill (${t}.const 65000) (i32.const 9) (${t}.const 10000))
          (memory.copy (${t}.const 130000) (${t}.const 4090) (${t}.const 5000))
          (memory.init $p (${t}.const 196600) (i32.const 0) (i32.const 7))))`),
      options,
    )
    const before = bytesOf(guest.memory).slice()
    expect(guest.message(() => guest.exports['run']?.())).toBeUndefined()
    const after = bytesOf(guest.memory).slice()
    expect(after).not.toEqual(before)
    guest.controls.rollback()
    expect(bytesOf(guest.memory)).toEqual(before)
    // The same message again, kept this time: the marks of the first one are gone.
    guest.message(() => guest.exports['run']?.())
    guest.controls.commit()
    guest.message(() => {})
    guest.controls.rollback()
    expect(bytesOf(guest.memory)).toEqual(after)
  })

  test('leaves every kind of mutable global as it was', () => {
    const guest = start(
      assemble(`(module (global $a (export "a") (mut i32) (i32.const 1)) (global $b (mut i64) (i64.const 2)) (global $c (mut f32) (f32.const 3))
        (global $d (mut f64) (f64.const nan:0x4)) (global $e (mut v128) (v128.const i64x2 5 6)) (global $f (mut funcref) (ref.null func))
        (func $g (export "is_null") (result i32) (ref.is_null (global.get $f)))
        (func (export "run") (global.set $a (i32.const 11)) (global.set $b (i64.const 12)) (global.set $c (f32.const 13))
          (global.set $d (f64.const 14)) (global.set $e (v128.const i64x2 15 16)) (global.set $f (ref.func $g)))
        (func (export "d") (result i64) (i64.reinterpret_f64 (global.get $d)))
        (func (export "e") (result i64) (i64x2.extract_lane 1 (global.get $e))))`),
      options,
    )
    const state = (): unknown[] => [
      (guest.all['a'] as WebAssembly.Global).value,
      (guest.all['tidemark:global:1'] as WebAssembly.Global).value,
      guest.exports['tidemark:global:2:bits']?.(),
      ...['d', 'e', 'is_null'].map((name) => guest.exports[name]?.()),
    ]
    const before = state()
    expect(before).toEqual([1, 2n, 0x40400000, 0x7ff0000000000004n, 6n, 1])
    guest.message(() => guest.exports['run']?.())
    expect(state()).toEqual([11, 12n, 0x41500000, 0x402c000000000000n, 16n, 0])
    guest.controls.rollback()
    expect(state()).toEqual(before)
  })

  test('gives back growth: the size, and zeroes when it grows again', () => {
    const guest = start(
      assemble(`(module (memory 1 5)
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "size") (result i32) (memory.size))
        (func (export "store") (param i32) (i32.store (local.get 0) (i32.const -1)))
        (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))`),
      options,
    )
    const call = (name: string, ...args: number[]): unknown => (guest.exports[name] as (...values: number[]) => unknown)(...args)
    guest.message(() => {
      expect(call('grow', 2)).toBe(1)
      call('store', 150_000)
    })
    expect(guest.growths).toEqual([[1, 3]])
    guest.controls.rollback()
    expect(call('size')).toBe(1)
    expect(guest.controls.pages()).toBe(1)
    expect(guest.message(() => call('store', 150_000))).toBe('memory access out of bounds')
    if (guest.facts.loadsChecked) expect(guest.message(() => call('load', 150_000))).toBe('memory access out of bounds')
    guest.message(() => {
      expect(call('grow', 5)).toBe(-1)
      expect(call('grow', 4)).toBe(1)
      expect(call('load', 150_000)).toBe(0)
    })
    guest.controls.commit()
    expect(call('size')).toBe(5)
  })

  test('leaves tables as they were, their sizes too', () => {
    const guest = start(
      assemble(`(module (table $t 2 8 funcref) (table $other 3 funcref) (elem (table $t) (i32.const 0) func $one $two) (elem $e func $two $two)
        (type $f (func (result i32)))
        (func $one (result i32) (i32.const 1)) (func $two (result i32) (i32.const 2))
        (func (export "call") (param i32) (result i32) (call_indirect $t (type $f) (local.get 0)))
        (func (export "size") (result i32) (table.size $t))
        (func (export "get") (param i32) (result i32) (ref.is_null (table.get $t (local.get 0))))
        (func (export "set") (param i32) (table.set $t (local.get 0) (ref.func $one)))
        (func (export "run") (result i32)
          (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1)) (elem.drop $e)
          (table.copy $other $t (i32.const 0) (i32.const 0) (i32.const 2))
          (table.fill $t (i32.const 1) (ref.null func) (i32.const 1))
          (table.grow $t (ref.func $two) (i32.const 3))))`),
      options,
    )
    const call = (name: string, ...args: number[]): unknown => (guest.exports[name] as (...values: number[]) => unknown)(...args)
    for (let round = 0; round < 2; round++) {
      expect(guest.message(() => expect(call('run')).toBe(2))).toBeUndefined()
      expect([call('size'), call('call', 0), call('get', 1), call('call', 4)]).toEqual([5, 2, 1, 2])
      guest.controls.rollback()
      expect([call('size'), call('call', 0), call('call', 1)]).toEqual([2, 1, 2])
      expect(guest.message(() => call('call', 4))).toBeDefined()
      expect(guest.message(() => call('get', 4))).toBe('table index is out of bounds')
      expect(guest.message(() => call('set', 2))).toBe('table index is out of bounds')
    }
    guest.message(() => call('run'))
    guest.controls.commit()
    guest.message(() => {})
    guest.controls.rollback()
    expect([call('size'), call('call', 0), call('call', 4)]).toEqual([5, 2, 2])
    expect(guest.message(() => call('run'))).toBe('table index is out of bounds')
  })

  test('brings dropped segments back', () => {
    const guest = start(
      assemble(`(module (memory 1) (data $d "data")
        (func (export "run") (memory.init $d (i32.const 0) (i32.const 0) (i32.const 4)) (data.drop $d)))`),
      options,
    )
    expect(guest.message(() => guest.exports['run']?.())).toBeUndefined()
    guest.controls.rollback()
    expect(guest.message(() => guest.exports['run']?.())).toBeUndefined()
    guest.controls.commit()
    expect(guest.message(() => guest.exports['run']?.())).toBe('memory access out of bounds')
    expect(guest.facts.stateGlobals).toHaveLength(1)
  })
})

test('dropping can last for one message only', () => {
  const wat = `(module (memory 1) (data $d "data") (func (export "run") (memory.init $d (i32.const 0) (i32.const 0) (i32.const 4)) (data.drop $d)))`
  const guest = start(assemble(wat), { segmentDrops: 'message' })
  for (let round = 0; round < 3; round++) {
    expect(guest.message(() => guest.exports['run']?.())).toBeUndefined()
    guest.controls.commit()
  }
  expect(guest.facts.stateGlobals).toEqual([])
})

test('an active segment is dropped once it is written', () => {
  const guest = start(
    assemble(
      `(module (memory 1) (data $d (i32.const 0) "data") (func (export "run") (param i32) (memory.init $d (i32.const 8) (i32.const 0) (local.get 0))))`,
    ),
  )
  const run = guest.exports['run'] as unknown as (length: number) => void
  expect(guest.message(() => run(0))).toBeUndefined()
  expect(guest.message(() => run(1))).toBe('memory access out of bounds')
})

test('instances share the dirty map: a message starts clean whatever another instance left behind', () => {
  const bytes = assemble(`(module (memory 1) (func (export "run") (param i32) (i32.store (i32.const 0) (local.get 0))))`)
  const [left, right] = [start(bytes), start(bytes)]
  const run = (guest: typeof left, value: number): unknown => (guest.exports['run'] as unknown as (n: number) => void)(value)
  left.message(() => run(left, 1))
  // No commit and no rollback before the other one begins.
  right.message(() => run(right, 2))
  expect(right.controls.dirty_pages()).toBe(1)
  right.controls.rollback()
  expect(bytesOf(right.memory)[0]).toBe(0)
  expect(bytesOf(left.memory)[0]).toBe(1)
})
