/** Traps of Motoko programs: what they say, and what they undo. */
import { IDL } from '@dfinity/candid'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Principal, anonymousPrincipal } from '@tidemark/types'
import { expectReject, expectReply, user } from '../support/index.ts'
import { type Argument, of } from './support/candid.ts'
import { compilePrograms, compileTimeout } from './support/programs.ts'
import { Stage } from './support/stage.ts'

let programs: ReadonlyMap<string, Uint8Array>

beforeAll(async () => {
  programs = await compilePrograms(['trap_rollback', 'arithmetic', 'recursion', 'inspect'])
}, compileTimeout)

describe('a trap undoes its own message only', () => {
  test.each([
    ['before the first await', 'beforeAwait', '', ['update beforeAwait!']],
    [
      'after an await',
      'afterAwait',
      'kept inner ',
      ['update afterAwait', 'update __motoko_async_helper', 'reply_callback __motoko_async_helper!', 'cleanup __motoko_async_helper'],
    ],
    [
      'after two awaits',
      'afterTwoAwaits',
      '1 2 ',
      [
        'update afterTwoAwaits',
        'update __motoko_async_helper',
        'reply_callback __motoko_async_helper',
        'update __motoko_async_helper',
        'reply_callback __motoko_async_helper!',
        'cleanup __motoko_async_helper',
      ],
    ],
  ])('%s', (_, method, log, trace) => {
    const stage = new Stage(programs)
    const actor = stage.actor('trap_rollback')
    const ran = stage.trace(() =>
      expect(actor.fail(method)).toContain(
        `IC0503 Error from Canister ${actor.id.toText()}: Canister called \`ic0.trap\` with message: 'assertion failed at trap_rollback.mo:`,
      ),
    )
    expect(ran).toEqual(trace.map((line) => `trap_rollback ${line}`))
    expect(actor.query('get')).toBe(log)
  })

  test('a call made in the message is not sent', () => {
    const stage = new Stage(programs)
    const [a, b] = [stage.actor('trap_rollback', { as: 'a' }), stage.actor('trap_rollback', { as: 'b' })]
    expect(stage.trace(() => expect(a.fail('callThenTrap', b.id.toText())).toContain('IC0503'))).toEqual(['a update callThenTrap!'])
    stage.tick()
    expect(b.query('get')).toBe('')
  })

  test('what the caller did before stands', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('trap_rollback')
    const trace = stage.trace(() => expect(actor.call('insideHelper')).toBe('outer caught '))
    expect(trace).toEqual([
      'trap_rollback update insideHelper',
      'trap_rollback update __motoko_async_helper!',
      'trap_rollback reject_callback __motoko_async_helper',
    ])
  })
})

describe('an operation', () => {
  const optNat = (value?: bigint) => of(IDL.Opt(IDL.Nat), value === undefined ? [] : [value])
  const word = (value: bigint) => of(IDL.Nat64, value)

  test.each<[string, Argument[], bigint | number]>([
    ['subtract', [5n, 5n], 0n],
    ['divide', [7n, 2n], 3n],
    ['addBytes', [200n, 55n], 255n],
    ['wrapBytes', [200n, 56n], 0n],
    ['multiplyWords', [1n << 32n, (1n << 32n) - 1n], (1n << 64n) - (1n << 32n)],
    ['narrow', [255n], 255],
    ['power', [3n, 100n], 3n ** 100n],
    ['shift', [word(1n), word(65n)], 2n],
    ['element', [2n], 30n],
    ['unwrap', [optNat(4n)], 4n],
    ['refute', [optNat(0n)], 0n],
  ])('%s in its range gives a result', (method, args, result) => {
    expect(new Stage(programs).actor('arithmetic').query(method, ...args)).toBe(result)
  })

  test.each<[string, Argument[], string]>([
    ['subtract', [5n, 6n], 'Natural subtraction underflow'],
    ['addBytes', [200n, 56n], 'arithmetic overflow'],
    ['multiplyWords', [1n << 32n, 1n << 32n], 'arithmetic overflow'],
    ['narrow', [256n], 'losing precision'],
    ['element', [3n], 'Array index out of bounds'],
    ['unwrap', [optNat()], 'nothing there'],
    ['refute', [optNat()], 'pattern failed'],
    ['unreachable', [], 'Runtime.unreachable()'],
    ['message', [], 'an explanation, with "quotes" and ünïcode'],
    ['subtract', [5n], 'IDL error: too few arguments'],
  ])('%s beyond its range traps: %#', (method, args, text) => {
    const actor = new Stage(programs).actor('arithmetic')
    expect(actor.failQuery(method, ...args)).toContain(`: Canister called \`ic0.trap\` with message: '${text}`)
    expect(actor.fail(method, ...args)).toContain(`: Canister called \`ic0.trap\` with message: '${text}`)
  })
})

test('division by zero is a trap of the machine', () => {
  const actor = new Stage(programs).actor('arithmetic')
  expect(actor.failQuery('divide', 1n, 0n)).toContain(
    `IC0502 Error from Canister ${actor.id.toText()}: Canister trapped: integer division by 0\nCanister Backtrace:\nB_div\n`,
  )
})

describe('recursion', () => {
  test('is as deep as the stack of the network allows', () => {
    const actor = new Stage(programs).actor('recursion')
    expect(actor.call('nest', 1000n)).toBe(1000n)
    expect(actor.query('even', 1000n)).toBe(true)
  })

  test('too deep traps and undoes the message, and the actor goes on', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('recursion')
    expect(actor.fail('nest', 1_000_000n)).toMatch(/^IC0502 .*stack overflow/)
    expect(actor.failQuery('even', 1_000_000n)).toMatch(/^IC0502 .*stack overflow/)
    expect(actor.call('nest', 10n)).toBe(10n)
    expect(actor.query('count')).toBe(1n)
  })

  test('in tail position is a loop', () => {
    expect(new Stage(programs).actor('recursion').query('tail', 100_000n)).toBe(5_000_050_000n)
  })
})

describe('system func inspect', () => {
  const refusal = 'canister_inspect_message explicitly refused message'

  test.each<[string, Argument[], string, Principal?]>([
    ['open', [], 'taken in'],
    ['closed', [], 'refused'],
    ['small', [new Uint8Array(10)], 'taken in'],
    ['small', [new Uint8Array(100)], 'refused'],
    ['forMembers', [], 'taken in'],
    ['forMembers', [], 'refused', anonymousPrincipal],
  ])('%s, case %$', (method, args, result, sender = user) => {
    const stage = new Stage(programs)
    const actor = stage.actor('inspect')
    const trace = stage.trace(() => {
      const outcome = actor.send(method, args, { sender })
      if (result === 'taken in') expectReply(outcome)
      else expect(expectReject(outcome)).toContain(refusal)
    })
    expect(trace).toEqual(result === 'taken in' ? [`inspect update ${method}`] : [])
  })

  test('is not asked about calls of canisters', () => {
    const actor = new Stage(programs).actor('inspect')
    expect(actor.call('callClosed', actor.id.toText())).toBe(undefined)
  })

  test('ends at the instruction limit, without effect', () => {
    const actor = new Stage(programs).actor('inspect')
    expect(actor.fail('endless')).toContain('IC0522')
    expect(actor.call('open')).toBe(1n)
  })
})
