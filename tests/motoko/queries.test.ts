/** Queries, composite queries, certified data and best-effort calls of Motoko programs. */
import { IDL } from '@dfinity/candid'
import { lookup, text, verifyCertificate } from '@tidemark/certification'
import { beforeAll, describe, expect, test } from 'vitest'
import { expectReply } from '../support/index.ts'
import type { Actor } from './support/actor.ts'
import { of } from './support/candid.ts'
import { compilePrograms, compileTimeout } from './support/programs.ts'
import { Stage } from './support/stage.ts'

let programs: ReadonlyMap<string, Uint8Array>

beforeAll(async () => {
  programs = await compilePrograms(['composite', 'certified', 'replicated', 'best_effort', 'slow'])
}, compileTimeout)

const ids = (actors: readonly Actor[]) =>
  of(
    IDL.Vec(IDL.Text),
    actors.map(({ id }) => id.toText()),
  )

describe('a composite query', () => {
  function nodes(count: number) {
    const stage = new Stage(programs)
    return { stage, actors: Array.from({ length: count }, (_, n) => stage.actor('composite', { as: `n${n}` })) }
  }

  test('calls queries of other actors, and nothing of it is kept', () => {
    const { stage, actors } = nodes(3)
    const [first, ...others] = actors as [Actor, Actor, Actor]
    others[0].call('set', 10n)
    others[1].call('set', 20n)
    // 1 + (10 + 5) + (20 + 5), and the value that two calls raised by 100 each
    expect(first.query('sum', ids(others), 5n)).toBe(41n + 201n)
    expect(actors.map((actor) => actor.call('get'))).toEqual([1n, 10n, 20n])
    stage.tick()
  })

  test('finds a query of another actor in the state that it had, however often it asks', () => {
    const { actors } = nodes(2)
    const [first, second] = actors as [Actor, Actor]
    expect(first.query('parallel', second.id.toText())).toBe(203n)
    expect(first.query('sum', ids([second, second]), 5n)).toBe(13n + 201n)
  })

  test('reaches six calls deep', () => {
    const { actors } = nodes(8)
    const [first, ...others] = actors as [Actor, ...Actor[]]
    expect(first.query('deep', ids(others.slice(0, 6)), 0n)).toBe(6n)
    expect(first.failQuery('deep', ids(others), 0n)).toBe('IC0525 Composite query calls exceeded the maximum call depth.')
  })

  test('catches errors of what it calls', () => {
    const { actors } = nodes(2)
    const [first, second] = actors as [Actor, Actor]
    expect(first.query('caught', second.id.toText())).toBe('no leaf')
  })

  test('a trap in its callback is its reject', () => {
    const { actors } = nodes(2)
    const [first, second] = actors as [Actor, Actor]
    expect(first.failQuery('trapAfter', second.id.toText())).toContain('assertion failed')
  })

  test('cannot be called as an update', () => {
    const { actors } = nodes(1)
    expect(actors[0]?.fail('deep', ids([]), 0n)).toContain('IC0527')
  })
})

describe('certified data', () => {
  test('is in the certificate that a query hands out', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('certified')
    const data = Uint8Array.from({ length: 32 }, (_, n) => n)
    actor.call('set', data)
    const [certificate] = actor.query('certificate') as [Uint8Array]
    const { tree } = verifyCertificate({ certificate, rootKey: stage.replica.rootKey, scope: { canisterId: actor.id } })
    expect(lookup([text('canister'), actor.id.bytes, text('certified_data')], tree)).toEqual({ status: 'found', value: data })
  })

  test('is not kept by a trap, and not more than 32 bytes', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('certified')
    actor.call('set', Uint8Array.of(1))
    expect(actor.fail('setAndTrap', Uint8Array.of(2))).toContain('IC0503')
    expect(actor.fail('set', new Uint8Array(33))).toContain('IC0504')
    expect(stage.canister(actor.id).certifiedData).toEqual(Uint8Array.of(1))
  })

  test('has no certificate in an update, nor in a query that is called as one', () => {
    const actor = new Stage(programs).actor('certified')
    expect(actor.call('certificateInUpdate')).toBe(false)
    expect(actor.call('certificate')).toEqual([])
  })
})

test('code knows whether every node runs it', () => {
  const actor = new Stage(programs).actor('replicated')
  expect(actor.query('inQuery')).toBe(false)
  expect(actor.call('inQuery')).toBe(true)
  expect(actor.call('inUpdate')).toBe(true)
  expect(actor.query('inCompositeQuery')).toBe(false)
})

describe('a best-effort call', () => {
  const word = (value: number) => of(IDL.Nat32, value)
  const second = 1_000_000_000n

  test.each([
    [1, 1n],
    [30, 30n],
    [300, 300n],
    [10_000, 300n],
  ])('with a timeout of %i s has a deadline', (seconds, later) => {
    const stage = new Stage(programs)
    const [a, b] = [stage.actor('best_effort', { as: 'a' }), stage.actor('best_effort', { as: 'b' })]
    const [deadline] = a.call('ask', b.id.toText(), word(seconds)) as [bigint]
    const now = stage.replica.timeNanos()
    expect(deadline).toBe((now / second + later) * second)
    expect(a.call('askGuaranteed', b.id.toText())).toEqual([])
    expect(a.call('deadline')).toEqual([])
  })

  test('to itself has one, too', () => {
    const actor = new Stage(programs).actor('best_effort')
    expect(actor.call('own', word(10))).toHaveLength(1)
  })

  test('gives up when the time has passed, though the callee goes on', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('best_effort', { as: 'caller' })
    const slow = stage.actor('slow')
    const request = actor.submit('silent', slow.id.toText(), word(20))
    stage.tick(2)
    expect(actor.query('get')).toBe('asked ')
    expect(stage.status(request)?.status).toBe('processing')
    const trace = stage.trace(() => stage.advance(21)).filter((line) => line.startsWith('caller'))
    expect(trace).toEqual(['caller reject_callback wait'])
    expect(actor.query('get')).toBe('asked gave up ')
    const rounds = slow.query('get') as bigint
    stage.tick(3)
    expect(slow.query('get')).toBeGreaterThan(rounds)
    // The late answer reaches nobody.
    slow.call('release')
    stage.tick(3)
    expect(actor.query('get')).toBe('asked gave up ')
    expect(expectReply(stage.await(request)).text).toContain('unknown: Call deadline has expired.')
  })

  test('is answered in time', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('best_effort')
    const slow = stage.actor('slow')
    const request = actor.submit('silent', slow.id.toText(), word(20))
    stage.tick(2)
    slow.call('release')
    stage.await(request)
    expect(actor.query('get')).toBe('asked answered ')
  })
})
