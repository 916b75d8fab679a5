import { Principal } from '@dfinity/principal'
import type { monitorTypes } from '@tidemark/bindings'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptySample } from '../src/emptyValues.ts'
import { alertsAfter, keptAlerts } from '../src/hooks/alerts.ts'
import { delivered, failed, maxAttempts, revived } from '../src/hooks/attempts.ts'
import { freshState, isFrozen, judge } from '../src/hooks/judge.ts'

const canister = Principal.fromUint8Array(Uint8Array.of(1, 1))
const plan: monitorTypes.HookPlan = {
  cycles_threshold: [100n],
  heap_memory_threshold: [50n],
  unfreeze: true,
  top_up: [{ below: 40n, amount: 500n }],
  as_notification: false,
}
const sampleOf = (cycles: bigint, heap = 10n, freezingSeconds = 0n): monitorTypes.Sample => ({
  ...emptySample,
  cycles,
  idle_cycles_burned_per_day: 86_400n,
  memory_metrics: { ...emptySample.memory_metrics, wasm_memory_size: heap },
  settings: { ...emptySample.settings, freezing_threshold: freezingSeconds },
})

describe('a look', () => {
  test('that finds everything at once tells it in the order of the hooks, the top-up last', () => {
    const { findings } = judge(plan, { ...freshState, frozen: true }, sampleOf(30n, 60n))
    expect(findings.map(({ hook, argument }) => [hook, argument])).toEqual([
      ['canister_on_low_cycles', 100n],
      ['canister_on_low_heap_memory', 50n],
      ['canister_on_unfreeze', 0n],
      ['deposit_cycles', 500n],
    ])
  })

  test('that finds nothing leaves everything as it was', () => {
    expect(judge(plan, freshState, sampleOf(200n))).toEqual({ state: freshState, findings: [] })
  })

  test('with a plan of nothing tells nothing', () => {
    const nothing = { ...plan, cycles_threshold: [] as [], heap_memory_threshold: [] as [], unfreeze: false, top_up: [] as [] }
    expect(judge(nothing, { ...freshState, frozen: true }, sampleOf(0n, 1_000n)).findings).toEqual([])
  })

  test('tells each crossing once, whatever the balance does between the looks', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 200n }), { maxLength: 50 }), (balances) => {
        let state = freshState
        let armed = true
        for (const balance of balances) {
          const looked = judge(plan, state, sampleOf(balance))
          const crossed = looked.findings.some(({ hook, verdict }) => hook === 'canister_on_low_cycles' && verdict === 'crossed')
          expect(crossed).toBe(armed && balance <= 100n)
          if (balance <= 100n) armed = false
          else if (balance > 110n) armed = true
          state = looked.state
        }
      }),
    )
  })

  test.each([
    [999n, true],
    [1_000n, false],
  ])('holds a balance of %d against what a thousand idle seconds burn', (cycles, frozen) => {
    expect(isFrozen(sampleOf(cycles, 0n, 1_000n))).toBe(frozen)
  })
})

test('an alert begins with a crossing, ends with the return, and the oldest are forgotten', () => {
  const found = (verdict: 'crossed' | 'rearmed') => [{ hook: 'canister_on_low_cycles', verdict, value: 5n, threshold: 10n, argument: 10n }]
  const begun = alertsAfter([], found('crossed'), canister, 1n)
  expect(begun).toEqual([{ canister, hook: 'canister_on_low_cycles', since_nanos: 1n, over_at_nanos: [], value: 5n, threshold: 10n }])
  expect(alertsAfter(begun, found('rearmed'), canister, 2n)).toMatchObject([{ since_nanos: 1n, over_at_nanos: [2n] }])
  const many = Array.from({ length: 30 }).reduce<monitorTypes.Alert[]>((all) => alertsAfter(all, found('crossed'), canister, 3n), [])
  expect(many).toHaveLength(keptAlerts)
})

describe('a delivery', () => {
  const fresh: monitorTypes.HookDelivery = {
    number: 7n,
    canister,
    hook: 'canister_on_low_cycles',
    value: 100n,
    raised_at_nanos: 0n,
    attempts: 0,
    next_at_nanos: 0n,
    state: { pending: null },
    last_error: [],
  }
  const fail = (delivery: monitorTypes.HookDelivery, isHopeless = false) =>
    failed(delivery, { error: 'no', isHopeless, nowNanos: 0n, intervalSeconds: 5 })

  test('that fails waits twice as long each time and becomes a dead letter, always under its number', () => {
    const attempts = [fresh]
    while ('pending' in (attempts.at(-1)?.state ?? {})) attempts.push(fail(attempts.at(-1) ?? fresh))
    expect(attempts).toHaveLength(maxAttempts + 1)
    expect(attempts.map(({ next_at_nanos: next }) => next / 1_000_000_000n)).toEqual([0n, 5n, 10n, 20n, 40n, 80n, 160n, 320n, 640n])
    expect(new Set(attempts.map(({ number }) => number))).toEqual(new Set([7n]))
    expect(attempts.at(-1)).toMatchObject({ state: { dead: null }, last_error: ['no'] })
  })

  test('to a canister without the hook is dead at once', () => {
    expect(fail(fresh, true).state).toEqual({ dead: null })
  })

  test('that arrives is done, and a dead letter may be sent again', () => {
    expect(delivered(fail(fresh))).toMatchObject({ state: { delivered: null }, attempts: 2, last_error: [] })
    expect(revived(fail(fresh, true), 9n)).toMatchObject({ state: { pending: null }, attempts: 0, next_at_nanos: 9n, number: 7n })
  })
})
