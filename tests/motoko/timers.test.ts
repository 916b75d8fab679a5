/** Timers, heartbeats and the low-memory hook of Motoko programs. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from './support/actor.ts'
import { compilePrograms, compileTimeout } from './support/programs.ts'
import { Stage } from './support/stage.ts'

let programs: ReadonlyMap<string, Uint8Array>

beforeAll(async () => {
  programs = await compilePrograms(['timer_once', 'timer_recurring', 'timer_system', 'heartbeat', 'lowmemory'])
}, compileTimeout)

/** Runs the rounds in which what is due is done. */
function pass(stage: Stage, seconds: number): void {
  stage.advance(seconds)
  stage.tick(3)
}

describe('setTimer', () => {
  test('rings once when its time has come', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('timer_once')
    actor.call('set', 10n, 'ten')
    expect(stage.trace(() => pass(stage, 9))).toEqual([])
    // The timer's own message starts one for what is due, which starts one for each job.
    expect(stage.trace(() => pass(stage, 1))).toEqual([
      'timer_once global_timer',
      'timer_once update __motoko_async_helper',
      'timer_once update __motoko_async_helper',
      'timer_once reply_callback __motoko_async_helper',
      'timer_once reply_callback __motoko_async_helper',
    ])
    expect(actor.query('get')).toBe('ten ')
    expect(stage.trace(() => pass(stage, 1000))).toEqual([])
  })

  test('rings in the order of times, not of setting', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('timer_once')
    for (const [seconds, word] of [
      [30n, 'last'],
      [10n, 'first'],
      [20n, 'second'],
    ] as const)
      actor.call('set', seconds, word)
    pass(stage, 10)
    expect(actor.query('get')).toBe('first ')
    pass(stage, 100)
    pass(stage, 1)
    expect(actor.query('get')).toBe('first second last ')
  })

  test('does not ring when it was cancelled', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('timer_once')
    const id = actor.call('set', 10n, 'never')
    actor.call('set', 10n, 'still')
    actor.call('cancel', id as bigint)
    pass(stage, 20)
    expect(actor.query('get')).toBe('still ')
  })

  test('a job that traps changes nothing and does not disturb others', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('timer_once')
    actor.call('setTrapping')
    actor.call('set', 1n, 'good')
    expect(stage.trace(() => pass(stage, 2))).toEqual([
      'timer_once global_timer',
      'timer_once update __motoko_async_helper',
      'timer_once update __motoko_async_helper!',
      'timer_once update __motoko_async_helper',
      'timer_once reply_callback __motoko_async_helper',
      'timer_once reject_callback __motoko_async_helper',
      'timer_once reply_callback __motoko_async_helper',
    ])
    expect(actor.query('get')).toBe('good ')
  })

  test('does not outlive an upgrade', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('timer_once')
    actor.call('set', 10n, 'forgotten')
    actor.upgrade('timer_once')
    pass(stage, 20)
    expect(actor.query('get')).toBe('')
  })
})

test('recurringTimer rings until it cancels itself', () => {
  const stage = new Stage(programs)
  const actor = stage.actor('timer_recurring')
  actor.call('start')
  for (let n = 1; n <= 5; n++) {
    pass(stage, 10)
    expect(actor.query('get')).toBe(BigInt(Math.min(n, 3)))
  }
})

test('system func timer rings at the start and when it sets itself', () => {
  const stage = new Stage(programs)
  const ring = [
    'timer_system global_timer',
    'timer_system update __motoko_async_helper',
    'timer_system reply_callback __motoko_async_helper',
  ]
  let actor: Actor | undefined
  const start = stage.trace(() => {
    actor = stage.actor('timer_system')
    stage.tick(2)
  })
  expect(start.slice(-3)).toEqual(ring)
  expect(stage.trace(() => pass(stage, 4))).toEqual([])
  expect(stage.trace(() => pass(stage, 1))).toEqual(ring)
  for (let n = 0; n < 5; n++) pass(stage, 5)
  expect(actor?.query('get')).toBe(4n)
})

test('a heartbeat runs in every round, its body as a call of the actor to itself', () => {
  const stage = new Stage(programs)
  const actor = stage.actor('heartbeat')
  const [before] = actor.query('get') as [bigint, bigint]
  const [task, body, end] = [
    'heartbeat heartbeat',
    'heartbeat update __motoko_async_helper',
    'heartbeat reply_callback __motoko_async_helper',
  ]
  const odd = [task, body, end]
  const even = [task, body, body, end, end]
  expect(stage.trace(() => stage.tick(4))).toEqual(
    before % 2n === 0n ? [...odd, ...even, ...odd, ...even] : [...even, ...odd, ...even, ...odd],
  )
  expect(actor.query('get')).toEqual([before + 4n, (before + 4n) / 2n])
})

describe('lowmemory', () => {
  const mib = 1n << 20n
  const settings = { wasm_memory_limit: 64n * mib, wasm_memory_threshold: 32n * mib }
  const grow = 'lowmemory update grow'
  const hook = ['lowmemory on_low_wasm_memory', 'lowmemory update __motoko_async_helper', 'lowmemory reply_callback __motoko_async_helper']

  test('runs once when less than the threshold is left', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('lowmemory', { settings })
    const growBy = (elements: bigint) => () => {
      actor.call('grow', elements)
      stage.tick(3)
    }
    expect(stage.trace(growBy(1_000_000n))).toEqual([grow])
    expect(stage.trace(growBy(3_500_000n))).toEqual([grow, ...hook])
    expect(stage.trace(growBy(1n))).toEqual([grow])
    expect(actor.query('get')).toBe('low helped done ')
  })

  test('growth beyond the limit traps and is undone', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('lowmemory', { settings })
    const events = stage.events(() =>
      expect(actor.fail('grow', 9_000_000n)).toContain(
        'IC0539 Error from Canister ' + actor.id.toText() + ': Canister exceeded its current Wasm memory limit of 67108864 bytes.',
      ),
    )
    expect(events.map(({ memoryBefore, memoryAfter }) => memoryAfter - memoryBefore)).toEqual([0n])
    expect(actor.call('grow', 10n)).toBe(undefined)
  })
})
