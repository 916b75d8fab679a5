import { describe, expect, test } from 'vitest'
import { hookDueAbove, isHookDue } from '../../src/model/hookCondition.ts'

const gib = 1n << 30n
const page = 65_536n

describe('when the low-Wasm-memory hook is due', () => {
  const cases = [
    { name: 'the published walkthrough, on the line', limit: 5_000_000n, threshold: 3_000_000n, heap: 2_000_000n, due: false },
    { name: 'the published walkthrough, one byte above', limit: 5_000_000n, threshold: 3_000_000n, heap: 2_000_001n, due: true },
    { name: 'the Motoko example after 12 heartbeats', limit: 8n << 20n, threshold: 2n << 20n, heap: 6_291_456n, due: false },
    { name: 'the Motoko example after 13 heartbeats', limit: 8n << 20n, threshold: 2n << 20n, heap: 6_356_992n, due: true },
    { name: 'limit 3 GiB, threshold 1 GiB, heap exactly 2 GiB', limit: 3n * gib, threshold: gib, heap: 2n * gib, due: false },
    { name: 'limit 3 GiB, threshold 1 GiB, one page more', limit: 3n * gib, threshold: gib, heap: 2n * gib + page, due: true },
    { name: 'no limit counts as 4 GiB', limit: 0n, threshold: gib, heap: 3n * gib, due: false },
    { name: 'no limit, one page above 3 GiB', limit: 0n, threshold: gib, heap: 3n * gib + page, due: true },
    { name: 'a threshold above the limit is always due', limit: gib, threshold: 2n * gib, heap: 0n, due: true },
  ]
  test.each(cases)('$name: due = $due', ({ limit, threshold, heap, due }) => {
    expect(isHookDue({ wasmMemoryLimitBytes: limit, wasmMemoryThresholdBytes: threshold }, heap)).toBe(due)
  })

  test('the line that is drawn is limit less threshold, and never below the bottom', () => {
    expect(hookDueAbove({ wasmMemoryLimitBytes: 8n << 20n, wasmMemoryThresholdBytes: 2n << 20n })).toBe(6n << 20n)
    expect(hookDueAbove({ wasmMemoryLimitBytes: 1n, wasmMemoryThresholdBytes: 2n })).toBe(0n)
  })
})
