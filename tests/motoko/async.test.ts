/** Messages of Motoko programs: what `await`, `async`, `await*`, `try`, one-way calls and function references turn into. */
import { IDL } from '@dfinity/candid'
import { beforeAll, describe, expect, test } from 'vitest'
import { of } from './support/candid.ts'
import { compilePrograms, compileTimeout } from './support/programs.ts'
import { Stage } from './support/stage.ts'

const names = ['counter', 'await_self', 'await_star', 'parallel', 'errors', 'finally', 'throwing', 'oneway', 'callbacks', 'call_tree']
let programs: ReadonlyMap<string, Uint8Array>

beforeAll(async () => {
  programs = await compilePrograms(names)
}, compileTimeout)

test('an update keeps what it changes, a query loses it however it is called', () => {
  const stage = new Stage(programs)
  const counter = stage.actor('counter')
  const trace = stage.trace(() => {
    expect(counter.call('increment')).toBe(1n)
    expect(counter.query('incrementInQuery')).toBe(2n)
    expect(counter.call('incrementInQuery')).toBe(2n)
    expect(counter.call('increment')).toBe(2n)
    expect(counter.query('get')).toBe(2n)
  })
  expect(trace).toEqual(['counter update increment', 'counter replicated_query incrementInQuery', 'counter update increment'])
})

test('an async block is a call of the actor to itself', () => {
  const stage = new Stage(programs)
  const actor = stage.actor('await_self')
  const trace = stage.trace(() => expect(actor.call('run')).toBe('before inside after'))
  expect(trace).toEqual([
    'await_self update run',
    'await_self update __motoko_async_helper',
    'await_self reply_callback __motoko_async_helper',
  ])
})

describe('await*', () => {
  const suspension = ['await_star update __motoko_async_helper', 'await_star reply_callback __motoko_async_helper']

  test('runs in the same message when nothing in it waits', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('await_star')
    expect(stage.trace(() => expect(actor.call('inlined')).toBe(18n))).toEqual(['await_star update inlined'])
  })

  test('ends the message at an await inside it', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('await_star')
    expect(stage.trace(() => expect(actor.call('suspended')).toBe(8n))).toEqual(['await_star update suspended', ...suspension])
    expect(actor.query('committed')).toBe(2n)
  })

  test('waits once for each await, however deep', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('await_star')
    const trace = stage.trace(() => expect(actor.call('nested')).toBe(9n))
    expect(trace).toEqual(['await_star update nested', ...suspension, ...suspension])
  })
})

test('calls that are awaited later leave together and run in the order they were made', () => {
  const stage = new Stage(programs)
  const actor = stage.actor('parallel')
  const trace = stage.trace(() => expect(actor.call('all', actor.id.toText())).toBe('|012 5 donedonedone'))
  // To await an answer that is there already takes a message of its own, too.
  const later = ['parallel update __motoko_async_helper', 'parallel reply_callback __motoko_async_helper']
  expect(trace).toEqual([
    'parallel update all',
    ...Array<string>(3).fill('parallel update work'),
    ...Array<string>(3).fill('parallel reply_callback work'),
    ...later,
    ...later,
  ])
})

test('a chain of actors answers from its end', () => {
  const stage = new Stage(programs)
  const actors = ['a', 'b', 'c'].map((as) => stage.actor('call_tree', { as }))
  const ids = of(
    IDL.Vec(IDL.Text),
    actors.map(({ id }) => id.toText()),
  )
  const trace = stage.trace(() => expect(actors[0]?.call('descend', ids, 0n)).toBe('0(1(2(bottom)))'))
  const [down, up] = ['update descend', 'reply_callback descend']
  expect(trace).toEqual([`a ${down}`, `a ${down}`, `b ${down}`, `c ${down}`, `b ${up}`, `a ${up}`, `a ${up}`])
})

describe('an error of a call', () => {
  test.each([
    ['a thrown error', (): [string, string] => ['own', 'canister_reject: not today']],
    ['an error caught where it was thrown', (): [string, string] => ['thrownInPlace', 'canister_reject: local']],
  ])('%s is caught with its text', (_, expected) => {
    const [method, text] = expected()
    const actor = new Stage(programs).actor('errors')
    expect(method === 'own' ? actor.call(method, false) : actor.call(method)).toBe(text)
  })

  test('a trap of the callee is caught with error code and place', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('errors')
    const from = `Error from Canister ${actor.id.toText()}`
    const trace = stage.trace(() =>
      expect(actor.call('own', true)).toContain(
        `canister_error: IC0503: ${from}: Canister called \`ic0.trap\` with message: 'assertion failed at errors.mo:`,
      ),
    )
    expect(trace).toEqual(['errors update own', 'errors update trapping!', 'errors reject_callback trapping'])
  })

  test('an error is thrown on', () => {
    expect(new Stage(programs).actor('errors').fail('rethrow')).toBe('IC0406 again, not today')
  })

  test.each([
    [
      'a canister that is not there',
      () => 'rwlgt-iiaaa-aaaaa-aaaaa-cai',
      'destination_invalid: Canister rwlgt-iiaaa-aaaaa-aaaaa-cai not found',
    ],
    ['a method that is not there', (stage: Stage) => stage.actor('counter').id.toText(), "Canister has no update method 'missing'."],
    ['a canister without a module', (stage: Stage) => stage.empty('empty').id.toText(), 'canister_error: IC0537: Error from Canister '],
    [
      'a method of the management canister that is not there',
      () => 'aaaaa-aa',
      'Unable to route management canister request missing: MethodNotFound("missing")',
    ],
  ])('%s', (_, target, text) => {
    const stage = new Stage(programs)
    const actor = stage.actor('errors')
    const id = target(stage)
    const trace = stage.trace(() => expect(actor.call('call', id)).toContain(text))
    expect(trace.filter((line) => line.startsWith('errors'))).toEqual(['errors update call', 'errors reject_callback missing'])
  })
})

describe('throw', () => {
  test.each([
    ['throwAfterChange', 'IC0406 thrown with count 1', 1n, ['throwing update throwAfterChange']],
    [
      'throwAfterAwait',
      'IC0406 thrown late',
      110n,
      ['throwing update throwAfterAwait', 'throwing update __motoko_async_helper', 'throwing reply_callback __motoko_async_helper'],
    ],
    ['throwInQuery', 'IC0406 thrown in a query', 0n, ['throwing replicated_query throwInQuery']],
  ])('%s is an answer that keeps the state', (method, reject, count, trace) => {
    const stage = new Stage(programs)
    const actor = stage.actor('throwing')
    expect(stage.trace(() => expect(actor.fail(method)).toBe(reject))).toEqual(trace)
    expect(actor.query('get')).toBe(count)
  })

  test('a query that throws is rejected', () => {
    expect(new Stage(programs).actor('throwing').failQuery('throwInQuery')).toBe('IC0406 thrown in a query')
  })
})

describe('finally', () => {
  test.each([
    ['after success', 'succeed', undefined, 'try finally after free', ['update noop', 'reply_callback noop']],
    ['after a caught error', 'throwing', undefined, 'catch finally free', ['update reject', 'reject_callback reject']],
    ['before an error leaves', 'escaping', 'IC0406 no', 'finally free', ['update reject', 'reject_callback reject']],
    [
      'as cleanup after a trap',
      'trapAfterAwait',
      "Canister called `ic0.trap` with message: 'assertion failed at finally.mo:",
      'cleanup free',
      ['update noop', 'reply_callback noop!', 'cleanup noop'],
    ],
    [
      'is what releases a lock that a trap would leave',
      'trapWithoutFinally',
      'IC0503',
      'locked',
      ['update noop', 'reply_callback noop!', 'cleanup noop'],
    ],
  ])('%s', (_, method, reject, state, trace) => {
    const stage = new Stage(programs)
    const actor = stage.actor('finally')
    const ran = stage.trace(() => {
      if (reject === undefined) expect(actor.call(method)).toBe(undefined)
      else expect(actor.fail(method)).toContain(reject)
    })
    expect(ran).toEqual([`update ${method}`, ...trace].map((line) => `finally ${line}`))
    expect(actor.query('state')).toBe(state)
  })
})

describe('one-way functions', () => {
  test('the caller goes on, and its answer comes from a callback that is not there', () => {
    const stage = new Stage(programs)
    const [a, b] = [stage.actor('oneway', { as: 'a' }), stage.actor('oneway', { as: 'b' })]
    const trace = stage.trace(() => expect(a.call('tell', b.id.toText())).toBe('told'))
    expect(trace).toEqual([
      'a update tell',
      'b update hear',
      'b update hearAndTrap!',
      'b update hear',
      'a reply_callback hear!',
      'a reject_callback hearAndTrap!',
      'a reply_callback hear!',
    ])
    expect(b.query('all')).toBe('one two ')
  })

  test('a user gets an empty reply at once, or the trap', () => {
    const actor = new Stage(programs).actor('oneway')
    expect(actor.call('hear', 'word')).toBe(undefined)
    expect(actor.fail('hearAndTrap', 'bad')).toContain('IC0503')
    expect(actor.query('all')).toBe('word ')
  })
})

test('function references travel in messages and are called back, errors included', () => {
  const stage = new Stage(programs)
  const publisher = stage.actor('callbacks', { as: 'publisher' })
  const subscriber = stage.actor('callbacks', { as: 'subscriber' })
  const choice = (method: 'listen' | 'refuse') => of(IDL.Variant({ listen: IDL.Null, refuse: IDL.Null }), { [method]: null })
  subscriber.call('subscribeTo', publisher.id.toText(), choice('listen'))
  subscriber.call('subscribeTo', publisher.id.toText(), choice('refuse'))
  const trace = stage.trace(() => expect(publisher.call('publish', 5n)).toBe('I do not listen;5;'))
  expect(trace).toEqual([
    'publisher update publish',
    'subscriber update refuse',
    'publisher reject_callback refuse',
    'subscriber update listen',
    'publisher reply_callback listen',
  ])
})
