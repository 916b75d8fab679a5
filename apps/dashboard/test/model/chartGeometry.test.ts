import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chartGeometry, countTicks } from '../../src/model/chartGeometry.ts'
import type { RunPoint } from '../../src/model/memoryRun.ts'

const box = { left: 80, top: 10, right: 600, bottom: 200 }
const point = (executedCount: number, pages: number): RunPoint => ({ executedCount, wasmMemoryBytes: BigInt(pages) * 65_536n, atNanos: 0n })
const climb = fc
  .array(fc.record({ steps: fc.integer({ min: 1, max: 5 }), pages: fc.integer({ min: 0, max: 9 }) }), { minLength: 1, maxLength: 40 })
  .map((steps) => {
    let count = 0
    let pages = 20
    return steps.map((step) => point((count += step.steps), (pages += step.pages)))
  })

describe('the chart', () => {
  test('everything drawn stays inside its box, and more memory is never lower', () => {
    fc.assert(
      fc.property(climb, fc.integer({ min: 0, max: 400 }), (points, hookPages) => {
        const hookLineBytes = BigInt(hookPages) * 65_536n
        const executedCount = points.at(-1)?.executedCount ?? 0
        const { points: placed, yOf } = chartGeometry({ box, current: { points, executedCount }, hookLineBytes })
        for (const y of [yOf(hookLineBytes), ...placed.map((each) => each.y)]) {
          expect(y).toBeGreaterThanOrEqual(box.top)
          expect(y).toBeLessThanOrEqual(box.bottom)
        }
        for (const [index, { x, y }] of placed.entries()) {
          expect(x).toBeLessThanOrEqual(box.right)
          const before = placed[index - 1]
          if (before !== undefined) {
            expect(x).toBeGreaterThan(before.x)
            expect(y).toBeLessThanOrEqual(before.y)
          }
        }
      }),
    )
  })

  test('the hook stands at its own place in the order, at the memory read there', () => {
    const points = [point(12, 96), point(14, 97)]
    const { hookX, hookY, xOf, yOf } = chartGeometry({ box, current: { points, executedCount: 14, hookAt: 14 }, hookLineBytes: 6n << 20n })
    expect(hookX).toBe(xOf(14))
    expect(hookY).toBe(yOf(97n * 65_536n))
  })

  test('an order that is ahead of the samples is drawn on at the last known memory', () => {
    const points = [point(1, 82), point(2, 83)]
    expect(chartGeometry({ box, current: { points, executedCount: 5 }, hookLineBytes: 6n << 20n }).ahead).toMatch(/^M.+L/)
    expect(chartGeometry({ box, current: { points, executedCount: 2 }, hookLineBytes: 6n << 20n }).ahead).toBe('')
  })

  test('nothing known draws nothing', () => {
    const geometry = chartGeometry({ box, current: { points: [], executedCount: 0 }, hookLineBytes: 0n })
    expect([geometry.line, geometry.area, geometry.ghost, geometry.ahead]).toEqual(['', '', '', ''])
  })

  test.each([
    { countMax: 14, ticks: [2, 4, 6, 8, 10, 12] },
    { countMax: 20, ticks: [5, 10, 15] },
    { countMax: 1_000, ticks: [200, 400, 600, 800] },
  ])('ticks up to $countMax are round numbers', ({ countMax, ticks }) => {
    expect(countTicks(countMax)).toEqual(ticks)
  })
})
