import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { InstrumentOptions } from '../src/index.ts'
import { outcome, start } from './support/host.ts'
import { type Charges, Interpreter } from './support/interpreter.ts'
import { encodeProgram, globalCount, programs } from './support/randomProgram.ts'

const limit = 20_000
const charges: Charges = { read: 41, write: 67 }
const free: Charges = { read: 0, write: 0 }
const generations: readonly (readonly [string, InstrumentOptions, Charges])[] = [
  ['2025', { pageCharges: 'dirty-4k-after' }, free],
  ['2026', { pageCharges: { kind: 'touch-64k', ...charges, chargeWrites: true } }, charges],
  ['no pages and no rollback', { pageCharges: 'none', rollback: false }, free],
]

/** Any number, and often an address near the border of two pages. */
const argument = fc.oneof(fc.integer(), fc.integer({ min: 65_520, max: 65_540 }), fc.nat(70_000))

function digest(memory: ArrayBufferLike, pages: number): string {
  return createHash('sha256')
    .update(new Uint8Array(memory, 0, pages * 65_536))
    .digest('hex')
}

describe.each(generations)('random programs, %s', (_name, options, pageCharges) => {
  test('give the result, trap, counter and state that the rules say, and roll back to where they began', () => {
    fc.assert(
      fc.property(programs, argument, argument, (program, first, second) => {
        const bytes = encodeProgram(program)
        const judge = new Interpreter(program, limit, pageCharges)
        const guest = start(bytes, options)
        const { controls } = guest
        const snapshot = (): unknown[] => [
          Array.from({ length: globalCount }, (_, n) => (guest.all[`global${n}`] as WebAssembly.Global).value),
          controls.pages(),
          digest(guest.memory?.buffer ?? new ArrayBuffer(0), controls.pages()),
        ]
        const before = snapshot()
        controls.begin()
        controls.set_counter(limit)
        let expected: number | undefined
        let actual: unknown
        const trap = outcome(() => (expected = judge.call(0, [first, second])))
        expect(outcome(() => (actual = (guest.exports['0'] as unknown as (a: number, b: number) => number)(first, second)))).toBe(trap)
        expect(actual).toBe(expected)
        expect(controls.counter()).toBe(judge.counter)
        expect(controls.pages()).toBe(judge.pages)
        expect(snapshot()).toEqual([judge.globals, judge.pages, digest(judge.memory.buffer, judge.pages)])
        if (options.rollback === false) return
        controls.rollback()
        expect(snapshot()).toEqual(before)
      }),
      { numRuns: 600, seed: 20_260_921 },
    )
  })
})
