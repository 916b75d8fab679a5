import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTraceRecorder, type TraceEvent } from '../src/index.ts'
import { heartbeat } from './events.ts'

const seqs = (events: readonly TraceEvent[]): readonly number[] => events.map((event) => event.seq)

describe('what is kept', () => {
  test('events come back as they were recorded, numbered from 0', () => {
    const recorder = createTraceRecorder({ capacity: 10 })
    expect([recorder.record(heartbeat), recorder.record({ ...heartbeat, kind: 'on_low_wasm_memory', causeSeq: 0 })]).toEqual([0, 1])
    expect(recorder.events()).toEqual([
      { ...heartbeat, seq: 0 },
      { ...heartbeat, kind: 'on_low_wasm_memory', causeSeq: 0, seq: 1 },
    ])
  })

  test('the oldest make room, and the numbers go on', () => {
    const recorder = createTraceRecorder({ capacity: 3 })
    for (let round = 0; round < 8; round += 1) recorder.record(heartbeat)
    expect(seqs(recorder.events())).toEqual([5, 6, 7])
    expect([recorder.oldestSeq(), recorder.nextSeq()]).toEqual([5, 8])
  })

  test('a reader takes up where it left off, also after events were dropped', () => {
    const recorder = createTraceRecorder({ capacity: 3 })
    for (let round = 0; round < 5; round += 1) recorder.record(heartbeat)
    expect(seqs(recorder.events(4))).toEqual([4])
    expect(seqs(recorder.events(1))).toEqual([2, 3, 4])
    expect(seqs(recorder.events(5))).toEqual([])
  })

  test('what a reader was given does not change afterwards', () => {
    const recorder = createTraceRecorder({ capacity: 2 })
    recorder.record(heartbeat)
    const held = recorder.events()
    recorder.record(heartbeat)
    recorder.record(heartbeat)
    expect(seqs(held)).toEqual([0])
  })

  test('always the latest ones in order, at every capacity', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat({ max: 60 }), fc.nat({ max: 70 }), (capacity, count, from) => {
        const recorder = createTraceRecorder({ capacity })
        for (let index = 0; index < count; index += 1) recorder.record(heartbeat)
        const expected = Array.from({ length: count }, (_, seq) => seq).slice(-capacity)
        expect(seqs(recorder.events(from))).toEqual(expected.filter((seq) => seq >= from))
      }),
    )
  })

  test.each([0, -1, 1.5, Number.NaN])('a capacity of %d is refused', (capacity) => {
    expect(() => createTraceRecorder({ capacity })).toThrow(RangeError)
  })
})

describe('who listens', () => {
  test('hears each event once, until it stops', () => {
    const recorder = createTraceRecorder({ capacity: 1 })
    const heard: number[] = []
    recorder.record(heartbeat)
    const stop = recorder.subscribe((event) => heard.push(event.seq))
    recorder.record(heartbeat)
    recorder.record(heartbeat)
    stop()
    stop()
    recorder.record(heartbeat)
    expect(heard).toEqual([1, 2])
  })

  test('the same function may listen twice and stop once', () => {
    const recorder = createTraceRecorder({ capacity: 1 })
    const heard: number[] = []
    const listener = (event: TraceEvent): void => void heard.push(event.seq)
    recorder.subscribe(listener)
    const stop = recorder.subscribe(listener)
    recorder.record(heartbeat)
    stop()
    recorder.record(heartbeat)
    expect(heard).toEqual([0, 0, 1])
  })

  test('a listener that is stopped by another one hears nothing more, one that starts hears the next event', () => {
    const recorder = createTraceRecorder({ capacity: 1 })
    const heard: string[] = []
    recorder.subscribe(() => {
      stopSecond()
      recorder.subscribe((event) => heard.push(`late ${event.seq}`))
    })
    const stopSecond = recorder.subscribe((event) => heard.push(`second ${event.seq}`))
    recorder.record(heartbeat)
    recorder.record(heartbeat)
    expect(heard).toEqual(['late 1'])
  })

  test('a listener that throws is dropped and told of; recording and the others go on', () => {
    const errors: unknown[] = []
    const recorder = createTraceRecorder({ capacity: 5, onListenerError: (error) => errors.push(error) })
    const heard: number[] = []
    const failure = new Error('broken dashboard')
    recorder.subscribe(() => {
      throw failure
    })
    recorder.subscribe((event) => heard.push(event.seq))
    recorder.record(heartbeat)
    recorder.record(heartbeat)
    expect([heard, errors, recorder.events().length]).toEqual([[0, 1], [failure], 2])
  })
})
