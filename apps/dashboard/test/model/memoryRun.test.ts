import { describe, expect, test } from 'vitest'
import { extendHistory, historyMax } from '../../src/model/history.ts'
import { runsOf, viewRuns } from '../../src/model/memoryRun.ts'
import type { Sample } from '../../src/model/sample.ts'
import { orderOf, sampleOf } from '../samples.ts'

const at = (second: number, heartbeats: number, pages: bigint, hook = false): Sample =>
  sampleOf({ atNanos: BigInt(second) * 1_000_000_000n, wasmMemoryBytes: pages * 65_536n, executed: orderOf(heartbeats, hook) })

describe('runs of a hook canister', () => {
  test('a run keeps one reading for each place in the order, the newest', () => {
    const [run] = runsOf([at(1, 1, 82n), at(2, 2, 83n), at(3, 2, 84n), at(4, 3, 84n, true)])
    expect(run?.points.map(({ executedCount, atNanos }) => [executedCount, Number(atNanos / 1_000_000_000n)])).toEqual([
      [1, 1],
      [2, 3],
      [4, 4],
    ])
    expect(run).toMatchObject({ executedCount: 4, hookAt: 4 })
  })

  const restarts = [
    { name: 'a shorter record', samples: [at(1, 13, 97n, true), at(2, 3, 97n)] },
    { name: 'less memory under a record that is as long', samples: [at(1, 3, 97n), at(2, 4, 82n)] },
  ]
  test.each(restarts)('$name begins a new run', ({ samples }) => {
    expect(runsOf(samples)).toHaveLength(2)
  })

  test('samples of a canister without code or record are left out', () => {
    expect(runsOf([sampleOf(), sampleOf()])).toEqual([])
  })

  test('a record read directly is newer than the samples', () => {
    const view = viewRuns([at(1, 1, 82n), at(2, 2, 83n)], orderOf(5, true))
    expect(view.current).toMatchObject({ executedCount: 6, hookAt: 6 })
    expect(view.current.points).toHaveLength(2)
    expect(view.previous).toBeUndefined()
  })

  test('after a reinstallation the finished run becomes the previous one at once', () => {
    const view = viewRuns([at(1, 12, 96n), at(2, 13, 97n, true)], orderOf(1))
    expect(view.current).toEqual({ points: [], executedCount: 1 })
    expect(view.previous).toMatchObject({ executedCount: 14, hookAt: 14 })
  })

  test('nothing known yet is an empty run', () => {
    expect(viewRuns([], orderOf(0))).toEqual({ current: { points: [], executedCount: 0 } })
  })
})

describe('history', () => {
  const seconds = (second: number): Sample => sampleOf({ atNanos: BigInt(second) * 1_000_000_000n })

  test('takes the next sample as it comes', () => {
    expect(extendHistory([seconds(1)], seconds(6), 5)?.map(({ atNanos }) => atNanos)).toEqual([1_000_000_000n, 6_000_000_000n])
  })

  test('is unchanged when there is no newer sample', () => {
    const history = [seconds(1)]
    expect(extendHistory(history, seconds(1), 5)).toBe(history)
  })

  const gaps = [
    { name: 'at the start', history: [], latest: seconds(1) },
    { name: 'after a pause', history: [seconds(1)], latest: seconds(60) },
    { name: 'when time went back', history: [seconds(9)], latest: seconds(1) },
  ]
  test.each(gaps)('must be asked for as a whole $name', ({ history, latest }) => {
    expect(extendHistory(history, latest, 5)).toBeUndefined()
  })

  test('keeps the newest samples only', () => {
    const full = Array.from({ length: historyMax }, (_, index) => seconds(index))
    const next = extendHistory(full, seconds(historyMax), 1)
    expect(next).toHaveLength(historyMax)
    expect(next?.[0]).toBe(full[1])
  })
})
