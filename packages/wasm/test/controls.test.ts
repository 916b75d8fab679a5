import { describe, expect, test } from 'vitest'
import { instrument, readModule } from '../src/index.ts'
import { plenty, start } from './support/host.ts'
import { assemble } from './support/wat.ts'

const pages = assemble(`(module (memory 4) (func (export "write") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
  (func (export "read") (param i32) (result i32) (i32.load8_u (local.get 0))))`)

describe('what a host can ask about pages', () => {
  test('pages logged, pages that really differ, 64 KiB pages touched', () => {
    const guest = start(pages)
    const write = guest.exports['write'] as unknown as (address: number, value: number) => void
    guest.message(() => {
      write(5, 1)
      write(8192, 0)
      write(8193, 0)
      write(70_000, 3)
    })
    const { controls } = guest
    expect(controls.dirty_pages()).toBe(3)
    expect([0, 1, 2].map((n) => controls.dirty_page(n))).toEqual([0, 2, 17])
    expect(controls.changed_pages()).toBe(2)
    expect(controls.touched_chunks()).toBe(2)
    controls.commit()
    expect([controls.dirty_pages(), controls.changed_pages(), controls.touched_chunks()]).toEqual([0, 0, 0])
  })

  test('queries pay the first touch only', () => {
    const guest = start(pages)
    const write = guest.exports['write'] as unknown as (address: number, value: number) => void
    guest.message(() => write(0, 1))
    const update = guest.used()
    guest.controls.rollback()
    guest.controls.set_query_mode(1)
    guest.message(() => write(0, 1))
    expect(update - guest.used()).toBe(80_000)
    guest.controls.rollback()
    guest.controls.set_query_mode(0)
    guest.message(() => write(0, 1))
    expect(guest.used()).toBe(update)
  })

  test('accesses of the host are charged and logged like those of the guest', () => {
    const guest = start(pages)
    const { controls } = guest
    guest.message(() => controls.touch_read(65_530, 10))
    expect(guest.used()).toBe(160_000)
    expect(controls.dirty_pages()).toBe(0)
    controls.touch_write(65_530, 10)
    expect(guest.used()).toBe(320_000)
    expect(controls.dirty_pages()).toBe(2)
    controls.touch_write(0, 0)
    expect(guest.used()).toBe(320_000)
    expect(guest.message(() => controls.touch_write(4 * 65_536 - 1, 2))).toBe('memory access out of bounds')
    expect(guest.message(() => controls.touch_read(2 ** 60, 8))).toBe('memory access out of bounds')
    guest.message(() => controls.log_write(100, 5000))
    expect(guest.used()).toBe(0)
    expect(controls.dirty_pages()).toBe(2)
  })
})

describe('the counter', () => {
  test('can be charged, saturates and tells when it is used up', () => {
    const guest = start(pages)
    guest.message(() => guest.controls.charge(1_000))
    expect(guest.used()).toBe(1_000)
    guest.controls.set_counter(10)
    expect(guest.message(() => guest.controls.charge(plenty + 1))).toBe('out of instructions')
    expect(guest.message(() => guest.controls.charge(2 ** 64))).toBe('out of instructions')
    expect(guest.controls.counter()).toBeLessThan(0)
  })

  test('a total equal to the limit passes, one less does not', () => {
    const guest = start(assemble('(module (func (export "run") nop nop nop))'))
    guest.controls.set_counter(4)
    expect(guest.exports['run']?.()).toBeUndefined()
    expect(guest.controls.counter()).toBe(0)
    guest.controls.set_counter(3)
    expect(() => guest.exports['run']?.()).toThrow('out of instructions')
  })

  test('an endless loop ends', () => {
    const guest = start(assemble('(module (func (export "run") (loop $l (br $l))))'))
    guest.controls.set_counter(1_000_000)
    expect(() => guest.exports['run']?.()).toThrow('out of instructions')
    expect(guest.controls.counter()).toBe(-1)
  })

  test('a huge length operand saturates instead of wrapping around', () => {
    const guest = start(assemble('(module (memory i64 1) (func (export "run") (memory.fill (i64.const 0) (i32.const 0) (i64.const -1))))'))
    expect(guest.message(() => guest.exports['run']?.())).toBe('out of instructions')
  })

  // Each program traps in the middle of a block; what follows the trap in its block is paid.
  test.each([
    ['unreachable', '(func (export "run") (drop (i32.const 1)) (unreachable) (nop))', 4],
    [
      'division',
      '(func (export "run") (local i32) (local.set 0 (i32.const 5)) (block (drop (i32.div_s (i32.const 1) (local.get 0)))) (drop (i32.rem_u (i32.const 1) (i32.const 0))) nop)',
      1 + 2 + 13 + 14,
    ],
    ['float to integer', '(func (export "run") (loop) (drop (i32.trunc_f64_s (f64.const 1e30))))', 1 + 22],
    ['load', '(memory 1) (func (export "run") (block) (drop (i64.load (i32.const -1))) nop)', 1 + 4],
    ['load behind a call', '(memory 1) (func $f) (func (export "run") (call $f) (drop (i64.load (i32.const -1))) nop)', 1 + 5 + 4 + 1],
    ['store', '(memory 1) (func (export "run") (block) (i32.store offset=8 (i32.const 65536) (i32.const 1)) nop)', 1 + 4],
    ['64-bit load', '(memory i64 1) (func (export "run") (block) (drop (i64.load (i64.const 0x10000000000000))) nop)', 1 + 5],
    ['64-bit store', '(memory i64 1) (func (export "run") (block) (i32.store (i64.const -4) (i32.const 1)) nop)', 1 + 5],
    ['call through a null entry', '(table 1 funcref) (func (export "run") (block) (call_indirect (i32.const 0)) nop)', 1 + 12],
    [
      'in a callee',
      '(func $f (param i32) (if (local.get 0) (then unreachable))) (func (export "run") (call $f (i32.const 0)) (call $f (i32.const 1)) nop)',
      1 + 13 + 4 + 4 + 1,
    ],
    ['table.get', '(table 1 funcref) (func (export "run") (block) (drop (table.get 0 (i32.const 1))) nop)', 1 + 8],
    [
      'in a loop without other traps',
      '(func (export "run") (local i32) (loop $l (br_if $l (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 10)))) unreachable)',
      1 + 80 + 1,
    ],
  ])('is exact at a trap: %s', (_name, body, expected) => {
    for (const pageCharges of ['none', 'dirty-4k-after', undefined] as const) {
      for (const rollback of [true, false]) {
        const guest = start(assemble(`(module ${body})`), { rollback, ...(pageCharges && { pageCharges }) })
        expect(guest.message(() => guest.exports['run']?.())).toBeDefined()
        expect(guest.used()).toBe(expected)
      }
    }
  })
})

describe('nothing runs at instantiation', () => {
  test('the start function is an export', () => {
    const guest = start(
      assemble('(module (global $g (export "g") (mut i32) (i32.const 0)) (func $s (global.set $g (i32.const 1))) (start $s))'),
    )
    const value = (): unknown => (guest.all['g'] as WebAssembly.Global).value
    expect(value()).toBe(0)
    guest.controls.start?.()
    expect(value()).toBe(1)
  })

  test('data segments are written in order until one does not fit', () => {
    const bytes = assemble(
      '(module (memory 1) (data (i32.const 0) "first") (data (i32.const 65535) "too long") (data (i32.const 8) "never"))',
    )
    expect(() => start(bytes)).toThrow('memory access out of bounds')
  })

  test('an empty segment beyond the end traps too', () => {
    expect(() => start(assemble('(module (memory 1) (data (i32.const 65537) ""))'))).toThrow('memory access out of bounds')
    expect(() => start(assemble('(module (memory 1) (data (i32.const 65536) ""))'))).not.toThrow()
  })
})

describe('the stack', () => {
  const recursive =
    '(module (func $f (export "run") (param i32) (result i32) (if (result i32) (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 7)))))'

  test('has a depth that depends on the budget alone', () => {
    const deepest = (budget: number): number => {
      const guest = start(assemble(recursive), { stackBudget: budget })
      let [low, high] = [0, 1_000_000]
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if (guest.message(() => (guest.exports['run'] as unknown as (n: number) => number)(middle)) === undefined) low = middle
        else high = middle - 1
      }
      return low
    }
    expect(deepest(100_000)).toBe(960)
    expect(deepest(200_000)).toBe(1922)
  })

  test('overflows by the host function and not by an error of the engine, for frames of any shape', () => {
    const locals = (count: number, type: string): string => Array.from({ length: count }, () => `(local ${type})`).join(' ')
    const sum = (count: number, type: string, first: string): string =>
      Array.from({ length: count }, (_, n) => `(local.set ${n + 1} (${first}))`).join(' ') +
      ` (call $f (local.get 0)) ` +
      Array.from({ length: count }, (_, n) => `(drop (local.get ${n + 1}))`).join(' ')
    const shapes = [
      '(func $f (export "run") (param i32) (call $f (local.get 0)))',
      `(func $f (export "run") (param i32) ${locals(200, 'i64')} ${sum(200, 'i64', 'i64.extend_i32_u (local.get 0)')})`,
      `(func $f (export "run") (param i32) ${locals(100, 'v128')} ${sum(100, 'v128', 'i32x4.splat (local.get 0)')})`,
      `(func $f (export "run") (param i32) (result f64) ${'(f64.convert_i32_s (local.get 0)) '.repeat(60)} (call $f (local.get 0)) ${'(f64.add) '.repeat(60)})`,
      `(type $t (func (param i32))) (table 1 funcref) (elem (i32.const 0) $f) (func $f (export "run") (param i32) (call_indirect (type $t) (local.get 0) (i32.const 0)))`,
      '(func $f (export "run") (param i32) (block (block (block (br_table 0 1 2 (local.get 0))) (call $f (i32.const 0))) (call $f (i32.const 1))) (call $f (i32.const 2)))',
      `(func $f (export "run") (param i32) ${locals(5_000, 'i64')} (call $f (local.get 0)))`,
      `(func $f (export "run") (param i32) ${locals(49_980, 'i64')} (call $f (local.get 0)))`,
      `(func $f (export "run") (param i32) ${locals(49_000, 'v128')} (call $f (local.get 0)))`,
      `(func $leaf ${locals(49_980, 'i64')}) (func $f (export "run") (param i32) (call $leaf) (call $f (local.get 0)))`,
      `(func $f (export "run") (param i32) (result ${'i64 '.repeat(40)}) (call $f (local.get 0)))`,
      '(memory 1) (func $f (export "run") (param i32) (i64.store (i32.const 8) (i64.load offset=3 (i32.const 1))) (f32.store (i32.const 9) (f32.const 1)) (f64.store (i32.const 9) (f64.const 1)) (v128.store (i32.const 3) (v128.const i64x2 0 0)) (i32.store (i32.const 3) (i32.const 3)) (call $f (local.get 0)))',
      '(func $g (param i32) (call $f (local.get 0))) (func $f (export "run") (param i32) (call $g (local.get 0)))',
      `(func $f (export "run") ${'(param i64) '.repeat(30)} (call $f ${Array.from({ length: 30 }, (_, n) => `(local.get ${n})`).join(' ')}))`,
    ]
    for (const shape of shapes) {
      const guest = start(assemble(`(module ${shape})`))
      const run = guest.exports['run'] as unknown as (...args: unknown[]) => unknown
      const args = shape.includes('param i64') ? Array.from({ length: 30 }, () => 0n) : [0]
      expect(guest.message(() => run(...args))).toBe('stack overflow')
    }
  })

  test('is bounded through host functions that call back, and is given back when they return', () => {
    let guest: ReturnType<typeof start> | undefined
    const again = (): void => {
      guest?.exports['run']?.()
    }
    guest = start(
      assemble('(module (import "host" "again" (func $again)) (func (export "run") (call $again)))'),
      { stackBudget: 10_000 },
      { host: { again } },
    )
    const text = guest.message(() => guest?.exports['run']?.())
    expect(text).toBe('stack overflow')
    const calm = start(assemble(recursive), { stackBudget: 100_000 })
    const run = calm.exports['run'] as unknown as (n: number) => number
    expect(calm.message(() => run(100_000))).toBe('stack overflow')
    expect(calm.message(() => run(100))).toBeUndefined()
  })

  test('is bounded in a start function and in entries of the table', () => {
    const source = '(func $f (call $f)) (start $f) (table 1 funcref) (elem (i32.const 0) $f)'
    const guest = start(assemble(`(module ${source})`))
    expect(guest.message(() => guest.controls.start?.())).toBe('stack overflow')
    const table = guest.all['tidemark:table'] as WebAssembly.Table
    const entry = table.get(0) as (counter: bigint, stack: bigint) => unknown
    expect(guest.message(() => entry(1_000_000n, BigInt(guest.controls.stack_left())))).toBe('stack overflow')
  })

  test('is given back when an export returns', () => {
    const guest = start(assemble(recursive), { stackBudget: 100_000 })
    const run = guest.exports['run'] as unknown as (n: number) => number
    for (let round = 0; round < 20; round++) expect(run(700)).toBe(7)
  })
})

describe('imports', () => {
  test('are charged by bytes and see plain numbers, in both widths', () => {
    for (const type of ['i32', 'i64']) {
      const seen: unknown[][] = []
      const guest = start(
        assemble(`(module (import "host" "f" (func $f (param ${type} ${type} i64) (result ${type})))
          (func (export "run") (result ${type}) (call $f (${type}.const -1) (${type}.const 10) (i64.const -1))))`),
        { imports: { 'host.f': { fixedCost: 500, perByteCost: 50, sizeParam: 1, hostParams: ['f64', 'f64', 'same'], hostResult: 'f64' } } },
        { host: { f: (...args: unknown[]) => (seen.push(args), -1) } },
      )
      let result: unknown
      guest.message(() => (result = guest.exports['run']?.()))
      expect(seen).toEqual([[type === 'i32' ? 0xffffffff : 2 ** 64, 10, -1n]])
      expect(result).toBe(type === 'i32' ? -1 : -1n)
      expect(guest.used()).toBe(1 + 3 + 5 + 500 + 500)
    }
  })

  test('are not called when the charge uses up the counter', () => {
    let called = false
    const guest = start(
      assemble('(module (import "host" "f" (func $f (param i64))) (func (export "run") (call $f (i64.const -1))))'),
      { imports: { 'host.f': { perByteCost: 50, sizeParam: 0 } } },
      { host: { f: () => (called = true) } },
    )
    expect(guest.message(() => guest.exports['run']?.())).toBe('out of instructions')
    expect(called).toBe(false)
  })

  test('go through the wrapper from tables, references and exports too', () => {
    const guest = start(
      assemble(`(module (import "host" "f" (func $f (param i32) (result i32))) (type $t (func (param i32) (result i32))) (table 2 funcref)
        (elem (i32.const 0) $f) (global $g funcref (ref.func $f)) (export "f" (func $f))
        (func (export "run") (result i32) (table.set (i32.const 1) (ref.func $f))
          (i32.add (call_indirect (type $t) (i32.const 1) (i32.const 0)) (call_indirect (type $t) (i32.const 2) (i32.const 1)))))`),
      { imports: { 'host.f': { fixedCost: 100, hostParams: ['f64'], hostResult: 'f64' } } },
      { host: { f: (value: number) => value * 2 } },
    )
    expect(guest.message(() => expect(guest.exports['run']?.()).toBe(6))).toBeUndefined()
    expect(guest.used()).toBe(1 + 1 + 130 + 5 + 2 + 10 + 2 + 10 + 1 + 200)
    expect((guest.exports['f'] as unknown as (n: number) => number)(21)).toBe(42)
  })

  test('without an adapter are called as they are', () => {
    const guest = start(
      assemble(
        '(module (import "host" "f" (func $f (param i64) (result i64))) (func (export "run") (result i64) (call $f (i64.const 3))))',
      ),
      {},
      { host: { f: (value: bigint) => value + 1n } },
    )
    expect(guest.exports['run']?.()).toBe(4n)
  })
})

test('slow paths are marked for the engine only when asked for', () => {
  const hints = (branchHints: boolean): number => {
    const module = new WebAssembly.Module(instrument(pages, { branchHints }).bytes)
    return WebAssembly.Module.customSections(module, 'metadata.code.branch_hint').length
  }
  expect([hints(false), hints(true)]).toEqual([0, 1])
})

describe('facts', () => {
  test('describe the module as it was given', () => {
    const bytes = assemble(`(module (import "ic0" "f" (func (param i32) (result i64))) (memory (export "m") i64 2 9) (table 3 4 funcref)
      (global (export "g") (mut i64) (i64.const 1)) (data (i64.const 4000) "abc") (data "de")
      (func $s) (start $s) (func (export "canister_update a b") (param i32) (drop (i32.const 1))))`)
    const facts = readModule(bytes)
    expect(facts).toMatchObject({
      imports: [{ module: 'ic0', name: 'f', kind: 'function', type: { params: ['i32'], results: ['i64'] } }],
      memory: { address: 'i64', initialPages: 2, maximumPages: 9, imported: false },
      tables: [{ element: 'funcref', address: 'i32', initial: 3, maximum: 4, imported: false }],
      functionCount: 2,
      globals: [{ type: 'i64', mutable: true, imported: false, exported: true }],
      dataSegments: [
        { active: true, constantOffset: 4_000n, size: 3 },
        { active: false, constantOffset: undefined, size: 2 },
      ],
      hasStart: true,
      instructionCount: 4,
      usedOpcodes: ['drop', 'end', 'i32.const'],
    })
    expect(facts.exports.map(({ name, kind }) => [name, kind])).toEqual([
      ['m', 'memory'],
      ['g', 'global'],
      ['canister_update a b', 'function'],
    ])
    expect([...facts.functions.instructions]).toEqual([1, 3])
    expect(instrument(bytes).facts).toMatchObject(facts)
  })
})
