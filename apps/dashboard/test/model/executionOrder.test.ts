import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { piecesOfOrder, summarizeOrder } from '../../src/model/executionOrder.ts'
import { headlineOf, hookStateOf } from '../../src/model/headline.ts'
import type { Executed } from '../../src/model/sample.ts'
import { orderOf, sampleOf } from '../samples.ts'

const anyOrder = fc.array(fc.constantFrom<Executed>('heartbeat', 'low_wasm_memory'), { maxLength: 300 })

describe('the order in pieces', () => {
  test('a short order is drawn entry by entry, positions counted from 1', () => {
    expect(piecesOfOrder(orderOf(2, true))).toEqual([
      { kind: 'entry', position: 1, executed: 'heartbeat' },
      { kind: 'entry', position: 2, executed: 'heartbeat' },
      { kind: 'entry', position: 3, executed: 'low_wasm_memory' },
    ])
  })

  test('a long stretch of heartbeats loses its middle', () => {
    const pieces = piecesOfOrder(orderOf(10_000, true), 10)
    expect(pieces).toHaveLength(12)
    expect(pieces[5]).toEqual({ kind: 'folded', from: 6, to: 9_995 })
    expect(pieces.at(-1)).toEqual({ kind: 'entry', position: 10_001, executed: 'low_wasm_memory' })
  })

  test('pieces cover every position once, in order, and hide no hook', () => {
    fc.assert(
      fc.property(anyOrder, fc.integer({ min: 2, max: 50 }), (order, shownMax) => {
        const pieces = piecesOfOrder(order, shownMax)
        const covered = pieces.flatMap((piece) =>
          piece.kind === 'entry' ? [piece.position] : Array.from({ length: piece.to - piece.from + 1 }, (_, index) => piece.from + index),
        )
        expect(covered).toEqual(order.map((_, index) => index + 1))
        for (const piece of pieces) {
          if (piece.kind === 'folded') expect(order.slice(piece.from - 1, piece.to)).not.toContain('low_wasm_memory')
          else expect(order[piece.position - 1]).toBe(piece.executed)
        }
      }),
    )
  })
})

describe('the headline', () => {
  const state = (wasmMemoryBytes: bigint) => {
    const { settings } = sampleOf()
    return { settings, wasmMemoryBytes }
  }
  const cases = [
    { name: 'before any sample', order: orderOf(0), state: undefined, tone: 'waiting', title: 'Waiting for the first sample.' },
    { name: 'before the first heartbeat', order: orderOf(0), state: state(5_373_952n), tone: 'waiting', title: 'No heartbeat yet.' },
    { name: 'after one heartbeat', order: orderOf(1), state: state(5_373_952n), tone: 'climbing', title: '1 heartbeat so far.' },
    { name: 'past the line', order: orderOf(13), state: state(6_356_992n), tone: 'due', title: 'The hook is due.' },
    { name: 'after the hook', order: orderOf(13, true), state: state(6_356_992n), tone: 'done', title: '13 heartbeats, then the hook.' },
    { name: 'when the hook came first', order: orderOf(0, true), state: state(6_356_992n), tone: 'done', title: 'The hook ran first.' },
  ]
  test.each(cases)('$name: $title', ({ order, state: known, tone, title }) => {
    expect(headlineOf(summarizeOrder(order), known)).toMatchObject({ tone, title })
  })

  test('a sample from before a reinstallation says nothing about the code that runs now', () => {
    const before = sampleOf({ executed: orderOf(13, true), wasmMemoryBytes: 6_356_992n })
    expect(headlineOf(summarizeOrder(orderOf(2)), hookStateOf(before, orderOf(2)))).toMatchObject({
      tone: 'climbing',
      title: '2 heartbeats so far.',
    })
    expect(hookStateOf(before, orderOf(13, true))).toEqual({ settings: before.settings, wasmMemoryBytes: 6_356_992n })
    expect(hookStateOf(undefined, orderOf(1))).toBeUndefined()
  })

  test('says how much growth is left', () => {
    expect(headlineOf(summarizeOrder(orderOf(8)), state(5_963_776n)).detail).toBe(
      '320 KiB of growth until memory reaches 6 MiB, above which the hook is due.',
    )
  })

  test('gives a line that is not whole in binary units in bytes as well', () => {
    const settings = { wasmMemoryLimitBytes: 5_000_000n, wasmMemoryThresholdBytes: 3_000_000n }
    expect(headlineOf(summarizeOrder(orderOf(18, true)), { settings, wasmMemoryBytes: 2_031_616n }).detail).toBe(
      'It is due above 1.90 MiB (2_000_000 bytes): the limit of 5 MB less the threshold of 3 MB.',
    )
  })

  test('counts a hook that ran again', () => {
    const order: readonly Executed[] = [...orderOf(2, true), ...orderOf(3, true)]
    expect(headlineOf(summarizeOrder(order), undefined)).toMatchObject({
      title: '2 heartbeats, then the hook.',
      detail: 'It has run 2 times since installation.',
    })
  })
})
