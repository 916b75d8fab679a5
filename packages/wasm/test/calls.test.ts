/** Calls of every kind: the counter is right on both sides of them, and results come through. */
import { describe, expect, test } from 'vitest'
import { type Guest, start } from './support/host.ts'
import { assemble } from './support/wat.ts'

const nothing = { m: { host: () => undefined } }

function guest(body: string, imports: Record<string, Record<string, unknown>> = nothing): Guest {
  return start(assemble(`(module (import "m" "host" (func $host)) ${body})`), {}, imports)
}

describe('the counter over calls', () => {
  test.each([
    ['two calls in one block', '(func $f) (func (export "run") (call $f) (call $f))', 1 + 5 + 5 + 2],
    ['a call behind an import', '(func $f) (func (export "run") (call $host) (call $f))', 1 + 5 + 5 + 1],
    ['an import behind a call', '(func $f) (func (export "run") (call $f) (call $host))', 1 + 5 + 5 + 1],
    [
      'a call through a table',
      '(table 1 funcref) (elem (i32.const 0) $f) (func $f) (func (export "run") (call_indirect (i32.const 0)))',
      1 + 1 + 10 + 1,
    ],
    [
      'an import through a table',
      '(table 1 funcref) (elem (i32.const 0) $host) (func (export "run") (call_indirect (i32.const 0)) nop)',
      1 + 1 + 10 + 1,
    ],
    ['a tail call of an import', '(func (export "run") (return_call $host))', 1 + 3],
    [
      'a tail call through a table',
      '(table 1 funcref) (elem (i32.const 0) $host) (func (export "run") (return_call_indirect (i32.const 0)))',
      1 + 1 + 60,
    ],
    [
      'results on both ways out',
      `(func $f (param i32) (result i32 i64) (if (local.get 0) (then (return (i32.const 1) (i64.const 2)))) (i32.const 3) (i64.const 4))
       (func (export "run") (drop (call $f (i32.const 0))) (drop) (drop (call $f (i32.const 1))) (drop))`,
      1 + (1 + 5 + 2) * 2 + (1 + 3 + 2) + (1 + 3 + 3),
    ],
  ])('%s', (_name, body, expected) => {
    const program = guest(body)
    program.message(() => program.exports['run']?.())
    expect(program.used()).toBe(expected)
  })

  test('an import that charges is seen behind the call', () => {
    let charge: (amount: number) => void = () => undefined
    const program = guest('(func $f (call $host)) (func (export "run") (call $f) nop)', { m: { host: () => charge(1_000) } })
    charge = (amount) => program.controls.charge(amount)
    program.message(() => program.exports['run']?.())
    expect(program.used()).toBe(1 + 5 + 1 + 1 + 5 + 1_000)
  })

  test('a trap behind a call in the same block', () => {
    const program = guest('(func $f nop nop) (func (export "run") (call $f) (drop (i32.div_u (i32.const 1) (i32.const 0))) nop)')
    program.message(() => program.exports['run']?.())
    expect(program.used()).toBe(1 + 5 + 2 + 10 + 1 + 1 + 3)
  })
})

describe('values over calls', () => {
  test('branches, returns and a branch table that leave a function with several results', () => {
    const program = guest(`(func $f (param i32) (result i32 i64)
        (block (block (block (br_table 0 1 2 (local.get 0))) (return (i32.const 10) (i64.const 11)))
          (i32.const 20) (i64.const 21) (br 1))
        (i32.const 30) (i64.const 31))
      (func (export "run") (param i32) (result i64) (local i64)
        (call $f (local.get 0)) (local.set 1) (i64.extend_i32_u) (i64.const 100) (i64.mul) (local.get 1) (i64.add))`)
    const run = program.exports['run'] as unknown as (n: number) => bigint
    expect([0, 1, 2, 3].map((n) => run(n))).toEqual([1011n, 2021n, 3031n, 3031n])
  })

  // Two parameters more move the numbers of the locals behind them, around 128 into another byte.
  test.each([1, 3, 125, 126, 127, 128, 129, 300, 16_383])('a function with %i locals behind its parameters', (count) => {
    const last = count + 1
    const program = guest(`(func $f (param i32 i32) (result i32) (local ${'i32 '.repeat(count)})
        (local.set ${last} (i32.mul (local.get 0) (i32.const 10))) (local.set 0 (local.tee 2 (i32.add (local.get ${last}) (local.get 1))))
        (i32.add (i32.mul (local.get 0) (i32.const 100)) (local.get ${last})))
      (func (export "run") (result i32) (call $f (i32.const 4) (i32.const 2)))`)
    expect(program.exports['run']?.()).toBe(4_200 + (count === 1 ? 42 : 40))
  })

  test('locals with numbers that take more bytes than they need', () => {
    const body = [1, 1, 0x7f, 0x20, 0x80, 0x00, 0x21, 0x81, 0x80, 0x00, 0x20, 0x81, 0x00, 0x0b]
    const bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 3, 2, 1, 0, 7, 7, 1, 3, 0x72, 0x75, 0x6e, 0, 0]
    const program = start(Uint8Array.from([...bytes, 10, body.length + 2, 1, body.length, ...body]))
    expect((program.exports['run'] as unknown as (n: number) => number)(7)).toBe(7)
  })

  test.each([997, 998, 999, 1000])('a function of %i parameters', (count) => {
    const types = 'i32 '.repeat(count)
    const values = '(i32.const 7) '.repeat(count)
    const program = guest(`(type $t (func (param ${types}) (result i32))) (table 1 funcref) (elem (i32.const 0) $f)
      (func $f (type $t) (local i32) (local.set ${count} (local.get ${count - 1})) (drop (call $g)) (local.get ${count}))
      (func $g (result i32) (i32.const 1))
      (func (export "run") (result i32) (i32.add (call $f ${values}) (call_indirect (type $t) ${values} (i32.const 0))))`)
    let result: unknown
    program.message(() => (result = program.exports['run']?.()))
    expect(result).toBe(14)
    expect(program.used()).toBe(1 + 2 * count + 5 + 10 + 1 + 1 + 2 * (1 + 2 + 5 + 1 + 1 + 2))
  })

  test('a function that has all the results that engines allow', () => {
    const count = 1000
    const types = Array.from({ length: count }, () => 'i32').join(' ')
    const values = Array.from({ length: count }, (_, n) => `(i32.const ${n})`).join(' ')
    const program = guest(`(type $t (func (result ${types}))) (table 1 funcref) (elem (i32.const 0) $f)
      (func $f (type $t) ${values})
      (func (export "run") (result i32) (call $f) ${'(drop) '.repeat(count)} (call_indirect (type $t) (i32.const 0))
        ${'(drop) '.repeat(count - 1)})`)
    let result: unknown
    program.message(() => (result = program.exports['run']?.()))
    expect(result).toBe(0)
    expect(program.used()).toBe(1 + 5 + count + 1 + 10 + (count - 1) + 2 * (1 + count))
  })
})

describe('a host that calls entries of the table', () => {
  test('hands on the counter and the stack left, and gets the counter behind the results', () => {
    const program = guest('(table (export "t") 2 funcref) (elem (i32.const 0) $f $host) (func $f (param i32) nop nop)')
    const table = program.all['tidemark:table'] as WebAssembly.Table
    program.controls.begin()
    program.controls.set_counter(1_000)
    const left = [1_000n, BigInt(program.controls.stack_left())] as const
    const entry = table.get(0) as (n: number, counter: bigint, stack: bigint) => unknown
    expect(entry(7, ...left)).toBe(1_000n - 3n)
    expect((table.get(1) as (counter: bigint, stack: bigint) => unknown)(...left)).toBe(1_000n)
    expect(program.controls.counter()).toBe(1_000)
  })
})

describe('pages that really changed', () => {
  test.each([0, 15, 16, 63, 64, 1_000, 4_032, 4_095])('a byte at offset %i of a page', (offset) => {
    const program = guest('(memory 1) (func (export "write") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))')
    const write = program.exports['write'] as unknown as (address: number, value: number) => void
    program.message(() => {
      write(4_096 + offset, 1)
      write(8_192 + offset, 0)
    })
    expect([program.controls.dirty_pages(), program.controls.changed_pages()]).toEqual([2, 1])
  })
})
