/** What of a Motoko program outlives an upgrade: its heap, but not what is transient. */
import { beforeAll, describe, expect, test } from 'vitest'
import { compilePrograms, compileTimeout } from './support/programs.ts'
import { Stage } from './support/stage.ts'
import { expectReject, expectReply } from '../support/index.ts'

let programs: ReadonlyMap<string, Uint8Array>

beforeAll(async () => {
  programs = await compilePrograms([
    'stable_v1',
    'stable_v2',
    'stable_incompatible',
    'stable_forgetful',
    'migration',
    'hooks',
    'hooks_trapping',
    'actor_class',
    'region',
    'slow',
    'upgrade_waiting',
  ])
}, compileTimeout)

function filled() {
  const stage = new Stage(programs)
  const actor = stage.actor('stable_v1')
  actor.call('add', 1n, 'one')
  actor.call('add', 2n, 'two')
  return { stage, actor }
}

const before = '(2, 2, ["two", "["one", "[]"]"], 2, ?{value = 2})'

describe('an upgrade', () => {
  test('keeps variables, collections and objects, and starts transient ones anew', () => {
    const { actor } = filled()
    expect(actor.query('get')).toBe(before)
    actor.upgrade('stable_v1')
    expect(actor.query('get')).toBe(before.replace('(2, 2,', '(2, 0,'))
    actor.call('add', 3n, 'three')
    expect(actor.query('get')).toContain('(3, 1, ["three", ')
  })

  test('to a program with other fields keeps those with the same name', () => {
    const { actor } = filled()
    actor.upgrade('stable_v2')
    expect(actor.query('get')).toBe('(2, 100, "fresh", 2, ?{value = 2}, ?"one")')
    actor.call('add', 9n, 'nine')
    actor.upgrade('stable_v2')
    expect(actor.query('get')).toBe('(3, 100, "nine", 2, ?{value = 2}, ?"one")')
  })

  test.each([
    ['has another type for a field', 'stable_incompatible'],
    ['has not all fields', 'stable_forgetful'],
  ])('to a program that %s is refused and changes nothing', (_, program) => {
    const { actor } = filled()
    expect(actor.failUpgrade(program)).toMatch(/IC0503 .*Memory-incompatible program upgrade/)
    expect(actor.query('get')).toBe(before)
  })

  test('runs a migration function over the old state', () => {
    const { actor } = filled()
    actor.upgrade('migration')
    expect(actor.query('get')).toBe('(2, 2) 2')
  })

  test('without keeping the heap is refused', () => {
    const { stage, actor } = filled()
    expect(expectReject(stage.upgrade(actor.id, stage.module('stable_v1')))).toContain(
      'IC0504 Missing upgrade option: Enhanced orthogonal persistence requires the `wasm_memory_persistence` upgrade option.',
    )
    expect(actor.query('get')).toBe(before)
  })

  test('many times over keeps everything', () => {
    const { actor } = filled()
    for (let n = 0; n < 5; n++) {
      actor.upgrade('stable_v1')
      actor.call('add', 7n, 'again')
    }
    expect(actor.query('get')).toMatch(/^\(7, 1, \["again", .*\], 3, \?\{value = 7\}\)$/)
  })

  test('passes its argument to an actor class, whose stable fields stay', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('actor_class', { args: [5n] })
    actor.upgrade('actor_class', [6n])
    expect(actor.query('get')).toEqual([5n, 6n])
    actor.reinstall('actor_class', [7n])
    expect(actor.query('get')).toEqual([7n, 7n])
  })

  test('a reinstallation loses everything', () => {
    const { actor } = filled()
    actor.reinstall('stable_v1')
    expect(actor.query('get')).toBe('(0, 0, [], 0, null)')
  })
})

describe('upgrade hooks', () => {
  test('run around an upgrade, the first on the old program', () => {
    const actor = new Stage(programs).actor('hooks')
    actor.call('change')
    expect(actor.query('get')).toBe('change changed')
    actor.upgrade('hooks')
    expect(actor.query('get')).toBe('change pre post new session')
  })

  test.each([
    ['preupgrade', true, false],
    ['postupgrade', false, true],
  ])('a trap in %s stops the upgrade and undoes it', (_, pre, post) => {
    const actor = new Stage(programs).actor('hooks_trapping')
    actor.call('arm', pre, post)
    expect(actor.failUpgrade('hooks_trapping')).toContain('IC0503')
    expect(actor.query('get')).toBe('')
    actor.call('arm', false, false)
    actor.upgrade('hooks_trapping')
    expect(actor.query('get')).toBe('pre post ')
  })

  test('skipping preupgrade leaves it out', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('hooks_trapping')
    actor.call('arm', true, false)
    expectReply(
      stage.upgrade(actor.id, stage.module('hooks_trapping'), encodeNothing, [
        { skip_pre_upgrade: [true], wasm_memory_persistence: [{ keep: null }] },
      ]),
    )
    expect(actor.query('get')).toBe('post ')
  })
})

describe('a call that waits', () => {
  test('keeps the actor from being stopped until it is answered', () => {
    const stage = new Stage(programs)
    const slow = stage.actor('slow')
    const actor = stage.actor('upgrade_waiting')
    const request = actor.submit('wait', slow.id.toText())
    stage.tick(3)
    expect(actor.query('get')).toBe('sent ')
    stage.requestStop(actor.id)
    stage.tick(2)
    expect(stage.canister(actor.id).status.kind).toBe('stopping')
    slow.call('release')
    expect(expectReply(stage.await(request)).text).toContain('sent answered ')
    stage.tick(2)
    expect(stage.canister(actor.id).status.kind).toBe('stopped')
  })

  test('keeps the actor from being upgraded, which leaves it as it was', () => {
    const stage = new Stage(programs)
    const slow = stage.actor('slow')
    const actor = stage.actor('upgrade_waiting')
    const request = actor.submit('wait', slow.id.toText())
    stage.tick(3)
    expect(actor.failUpgrade('upgrade_waiting')).toContain('canister_pre_upgrade attempted with outstanding message callbacks')
    slow.call('release')
    expect(expectReply(stage.await(request)).text).toContain('sent answered ')
  })
})

describe('a region', () => {
  test('keeps its bytes over an upgrade', () => {
    const actor = new Stage(programs).actor('region')
    const bytes = Uint8Array.from({ length: 20 }, (_, n) => n)
    expect(actor.call('write', bytes)).toBe(2n)
    actor.upgrade('region')
    expect(actor.query('read', 20n)).toEqual(bytes)
  })

  test('traps beyond its size, and rolls back', () => {
    const actor = new Stage(programs).actor('region')
    actor.call('write', new Uint8Array(1))
    expect(actor.failQuery('outOfBounds')).toContain('Region error: offset out of bounds')
    expect(actor.fail('writeAndTrap')).toContain('IC0503')
    expect(actor.query('first')).toBe(0n)
  })
})

const encodeNothing = new TextEncoder().encode('DIDL\0\0')
