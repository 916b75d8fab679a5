import { Principal } from '@dfinity/principal'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { append, emptySpan, newest, numbersOf, type Span } from '../src/history.ts'
import { encodeSampleKey } from '../src/sampleKey.ts'

const kept = (limits: readonly number[]): { span: Span; stored: Set<number> } => {
  const stored = new Set<number>()
  let span = emptySpan
  for (const limit of limits) {
    const result = append(span, limit)
    for (const number of result.dropped) stored.delete(number)
    stored.add(result.added)
    span = result.span
  }
  return { span, stored }
}

describe('keeping samples', () => {
  test('whatever limits follow each other, exactly the newest samples are stored', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 60 }), (limits) => {
        const { span, stored } = kept(limits)
        expect([...stored].sort((a, b) => a - b)).toEqual(numbersOf(span))
        expect(span.next).toBe(limits.length)
        expect(stored.size).toBeLessThanOrEqual(limits.at(-1) ?? 0)
      }),
    )
  })

  test('lowering the limit drops several at once', () => {
    expect(append({ first: 0, next: 5 }, 2).dropped).toEqual([0, 1, 2, 3])
  })
})

describe('reading history', () => {
  const span: Span = { first: 3, next: 10 }
  const timeOf = (number: number) => BigInt(number) * 100n

  test.each([
    ['the newest ones', 3, undefined, [7, 8, 9]],
    ['all, when fewer are there than asked for', 50, undefined, [3, 4, 5, 6, 7, 8, 9]],
    ['those before a time, which itself is left out', 2, 700n, [5, 6]],
    ['those before a time between two samples', 2, 650n, [5, 6]],
    ['none before the oldest', 5, 300n, []],
    ['none when none is asked for', 0, undefined, []],
  ])('gives %s', (_, limit, before, expected) => {
    expect(newest(span, limit, timeOf, before)).toEqual(expected)
  })

  test('pages backwards through everything without a gap or a double', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 1, max: 9 }), (length, pageSize) => {
        const whole: Span = { first: 7, next: 7 + length }
        const seen: number[] = []
        for (
          let before: bigint | undefined, page = newest(whole, pageSize, timeOf);
          page.length > 0;
          page = newest(whole, pageSize, timeOf, before)
        ) {
          seen.unshift(...page)
          before = timeOf(page[0] ?? 0)
        }
        expect(seen).toEqual(numbersOf(whole))
      }),
    )
  })
})

test('keys of samples are different for different samples and sort by canister, then by number', () => {
  const key = fc.record({
    canister: fc.uint8Array({ minLength: 1, maxLength: 29 }).map((bytes) => Principal.fromUint8Array(bytes)),
    number: fc.nat(),
  })
  const order = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b)
  fc.assert(
    fc.property(key, key, fc.nat(), (a, b, other) => {
      expect(order(encodeSampleKey(a), encodeSampleKey({ ...a, number: other }))).toBe(Math.sign(a.number - other))
      const same = a.canister.toText() === b.canister.toText()
      expect(order(encodeSampleKey({ ...a, number: 0 }), encodeSampleKey({ ...b, number: 0 })) === 0).toBe(same)
    }),
  )
})
