/** The log: numbers that go on, a capacity in bytes, the oldest dropped first. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CanisterLog, appendLog, appendLogs, createCanisterLog, logRecordOverheadBytes, purgeLog, trimLog } from '../src/index.ts'

const bytes = (size: number) => new Uint8Array(size).fill(65)
const kept = (log: CanisterLog) => [...log.records].map((record) => Number(record.idx))
const capacity = 4096

describe('the log', () => {
  test('numbers records from 0 on and stamps them', () => {
    const log = createCanisterLog()
    appendLog(log, 5n, bytes(1), capacity)
    appendLog(log, 6n, bytes(0), capacity)
    expect([...log.records]).toEqual([
      { idx: 0n, timestampNanos: 5n, content: bytes(1) },
      { idx: 1n, timestampNanos: 6n, content: bytes(0) },
    ])
  })

  test('drops the oldest when it is full', () => {
    const log = createCanisterLog()
    for (let n = 0; n < 5; n++) appendLog(log, 0n, bytes(1_100), capacity)
    expect(kept(log)).toEqual([2, 3, 4])
  })

  test('cuts a text that is too long', () => {
    const log = createCanisterLog()
    appendLog(log, 0n, bytes(10_000), capacity)
    expect([...log.records][0]?.content).toHaveLength(capacity - logRecordOverheadBytes)
  })

  test('neither keeps nor counts anything while it is off', () => {
    const log = createCanisterLog()
    appendLogs(log, 0n, { logs: [bytes(5)], droppedLogs: 3 }, 0)
    expect(kept(log)).toEqual([])
    appendLogs(log, 0n, { logs: [bytes(5)], droppedLogs: 0 }, capacity)
    expect(kept(log)).toEqual([0])
  })

  test('has no gaps: when an execution logs more than fits, what is before it goes', () => {
    const log = createCanisterLog()
    appendLogs(log, 1n, { logs: [bytes(5), bytes(6)], droppedLogs: 0 }, capacity)
    appendLogs(log, 2n, { logs: [bytes(7)], droppedLogs: 4 }, capacity)
    expect([...log.records]).toEqual([{ idx: 6n, timestampNanos: 2n, content: bytes(7) }])
    expect(log.usedBytes).toBe(7 + logRecordOverheadBytes)
  })

  test('is trimmed to a smaller capacity and purged whole; numbers go on', () => {
    const log = createCanisterLog()
    for (let n = 0; n < 4; n++) appendLog(log, 0n, bytes(500), capacity)
    trimLog(log, 1200)
    expect(kept(log)).toEqual([2, 3])
    purgeLog(log)
    expect([kept(log), log.usedBytes]).toEqual([[], 0])
    appendLog(log, 0n, bytes(1), capacity)
    expect(kept(log)).toEqual([4])
  })

  test('never holds more than its capacity, and always the newest', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3000 }), { maxLength: 40 }), fc.integer({ min: 200, max: 5000 }), (sizes, limit) => {
        const log = createCanisterLog()
        for (const size of sizes) appendLog(log, 0n, bytes(size), limit)
        const used = [...log.records].reduce((sum, record) => sum + record.content.length + logRecordOverheadBytes, 0)
        expect(log.usedBytes).toBe(used)
        expect(used).toBeLessThanOrEqual(limit)
        expect(kept(log)).toEqual(Array.from({ length: log.records.length }, (_, n) => sizes.length - log.records.length + n))
        if (sizes.length > 0) expect(log.records.length).toBeGreaterThan(0)
      }),
      { numRuns: 200, seed: 6 },
    )
  })
})
