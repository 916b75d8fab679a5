/** What Motoko programs compute, keep, print and are told. */
import { IDL, idlLabelToId } from '@dfinity/candid'
import { anonymousPrincipal } from '@tidemark/types'
import { beforeAll, describe, expect, test } from 'vitest'
import { expectReply, otherUser, user } from '../support/index.ts'
import { decodeResult, of } from './support/candid.ts'
import { compilePrograms, compileTimeout } from './support/programs.ts'
import { Stage } from './support/stage.ts'

let programs: ReadonlyMap<string, Uint8Array>

beforeAll(async () => {
  programs = await compilePrograms([
    'values',
    'collections',
    'blobs',
    'memory',
    'gc',
    'callers',
    'environment',
    'logs',
    'counters',
    'sorting',
    'numbers',
  ])
}, compileTimeout)

/** A field as it is named where its name is not known: by its hash. */
const field = (name: string) => `_${idlLabelToId(name)}_`

describe('values', () => {
  const shape = (value: object) => of(IDL.Variant({ circle: IDL.Record({ radius: IDL.Float64 }), square: IDL.Nat, none: IDL.Null }), value)

  test('variants choose', () => {
    const actor = new Stage(programs).actor('values')
    expect(actor.call('area', shape({ circle: { radius: 2 } }))).toBe(12)
    expect(actor.call('area', shape({ square: 4n }))).toBe(16)
    expect(actor.query('next', shape({ square: 4n }))).toEqual({ [field('circle')]: { [field('radius')]: 2.5 } })
    expect(actor.query('next', shape({ circle: { radius: 1 } }))).toEqual({ [field('square')]: 4n })
  })

  test('records go in and come out changed', () => {
    const actor = new Stage(programs).actor('values')
    const type = IDL.Record({ name: IDL.Text, age: IDL.Opt(IDL.Nat), tags: IDL.Vec(IDL.Text), home: IDL.Tuple(IDL.Int, IDL.Int) })
    const person = { name: 'Ada', age: [36n], tags: [], home: [-1n, 2n] }
    expect(actor.query('person', of(type, person))).toEqual({
      [field('name')]: 'Ada!',
      [field('age')]: [36n],
      [field('tags')]: ['first', 'Ada'],
      [field('home')]: [-1n, 2n],
    })
  })

  test('numbers reach their limits', () => {
    const actor = new Stage(programs).actor('values')
    expect(actor.query('numbers')).toEqual([2n ** 100n, -(2n ** 100n), 255, -32768, 4294967295, -(2n ** 63n), -0.5])
  })

  test('several results of several types', () => {
    expect(new Stage(programs).actor('values').query('several')).toEqual(['text ✓ 文', true, [], 0x6587])
  })

  test('an argument may have more fields than asked for', () => {
    const actor = new Stage(programs).actor('values')
    const argument = of(IDL.Record({ a: IDL.Nat, z: IDL.Text }), { a: 1n, z: 'more' })
    expect(actor.query('subtype', argument)).toEqual({ [field('a')]: 2n, [field('b')]: [] })
  })
})

test('collections keep what is put into them', () => {
  const actor = new Stage(programs).actor('collections')
  expect(actor.call('fill', 2000n)).toBe(2000n)
  expect(actor.query('look', 7919n % 2000n)).toEqual([1n])
  expect(actor.query('look', 2000n)).toEqual([])
  expect(actor.query('setSize')).toBe(10n)
  expect(actor.query('sorted', of(IDL.Vec(IDL.Nat), [3n, 1n, 2n]))).toEqual([1n, 2n, 3n])
  expect(actor.query('joined', of(IDL.Vec(IDL.Text), ['a', 'ß', 'c']))).toBe('A, SS, C')
})

describe('blobs', () => {
  const megabyte = Uint8Array.from({ length: 1 << 20 }, (_, n) => n % 256)

  test('of a megabyte are taken and given back', () => {
    const actor = new Stage(programs).actor('blobs')
    expect(actor.call('keep', megabyte)).toBe(1n << 20n)
    const got = actor.query('get') as Uint8Array
    expect(Buffer.compare(got, megabyte)).toBe(0)
  })

  test('of a megabyte go from actor to actor', () => {
    const stage = new Stage(programs)
    const [a, b] = [stage.actor('blobs', { as: 'a' }), stage.actor('blobs', { as: 'b' })]
    const trace = stage.trace(() => expect(a.call('relay', b.id.toText(), megabyte)).toBe(1n << 20n))
    expect(trace).toEqual(['a update relay', 'b update keep', 'a reply_callback keep'])
  })

  test('of more than two megabytes are too large for an answer', () => {
    const actor = new Stage(programs).actor('blobs')
    expect(actor.query('make', 1_900_000n)).toHaveLength(1_900_000)
    expect(actor.failQuery('make', 3_200_000n)).toMatch(/IC0504 .*application payload size \(32000\d\d\) cannot be larger than 3145728/)
    expect(actor.fail('make', 2_200_000n)).toMatch(/IC0504 .*application payload size \(22000\d\d\) cannot be larger than 2097152/)
  })
})

describe('memory', () => {
  test('grows with what is kept', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('memory')
    const [event] = stage.events(() => actor.call('keep', 2_000_000n))
    const grown = Number((event?.memoryAfter ?? 0n) - (event?.memoryBefore ?? 0n))
    // Some of the sixteen megabytes were free before.
    expect(grown).toBeGreaterThan(15_500_000)
    expect(event?.heapPagesDirtied).toBeGreaterThan(15_500_000 / 4096)
    expect(actor.query('check')).toBe(2_000_000n)
  })

  test('garbage is collected', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('memory')
    // Thirty-two megabytes of garbage each time, and never more than a few times that in use.
    const sizes = Array.from({ length: 12 }, () => {
      const [event] = stage.events(() => actor.call('waste', 4n, 1_000_000n))
      return event?.memoryAfter ?? 0n
    })
    expect(Math.max(...sizes.map(Number))).toBeLessThan(250_000_000)
    expect(sizes.at(-1)).toBe(sizes.at(-5))
  })

  test('a weak reference lives as long as what it refers to', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('gc')
    actor.call('remember')
    for (let n = 0; n < 3; n++) actor.call('__motoko_gc_trigger')
    expect(actor.query('alive')).toBe(true)
    actor.call('forget')
    for (let n = 0; n < 8; n++) actor.call('__motoko_gc_trigger')
    expect(actor.query('alive')).toBe(false)
  })
})

describe('the caller', () => {
  function callers() {
    const stage = new Stage(programs)
    return { stage, a: stage.actor('callers', { as: 'a', args: [user] }), b: stage.actor('callers', { as: 'b', args: [user] }) }
  }

  test('is the user, nobody, another actor, or the actor itself', () => {
    const { a, b } = callers()
    expect(a.query('who')).toEqual(user)
    expect(a.call('update')).toEqual(user)
    expect(decodeResult(expectReply(a.send('update', [], { sender: otherUser })).bytes)).toEqual(otherUser)
    expect(decodeResult(expectReply(a.send('update', [], { sender: anonymousPrincipal })).bytes)).toEqual(anonymousPrincipal)
    expect(a.call('selfCall')).toEqual(a.id)
    expect(a.call('callOther', b.id.toText())).toEqual(a.id)
    expect(a.query('me')).toEqual(a.id)
  })

  test('is the same after an await', () => {
    expect(callers().a.call('afterAwait')).toBe(true)
  })

  test('is compared with owner and controllers', () => {
    const { a } = callers()
    expect(a.call('isOwner')).toEqual([true, true])
    expect(decodeResult(expectReply(a.send('isOwner', [], { sender: otherUser })).bytes)).toEqual([false, false])
    expect(a.query('anonymous')).toBe(false)
  })
})

describe('the environment', () => {
  const variables = [
    { name: 'NAME', value: 'Tidemark' },
    { name: 'EMPTY', value: '' },
  ]

  test('has the variables of the settings', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('environment', { settings: { environment_variables: variables } })
    expect(actor.call('names')).toEqual(['EMPTY', 'NAME'])
    expect(actor.call('variableInUpdate', 'NAME')).toEqual(['Tidemark'])
    expect(actor.call('variableInUpdate', 'EMPTY')).toEqual([''])
    expect(actor.call('variableInUpdate', 'OTHER')).toEqual([])
    stage.updateSettings(actor.id, { environment_variables: [{ name: 'NAME', value: 'other' }] })
    expect(actor.call('variableInUpdate', 'NAME')).toEqual(['other'])
  })

  test('has the time of the block, which moves between messages only', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('environment')
    expect(actor.query('now')).toBe(stage.replica.timeNanos())
    stage.advance(60)
    expect(actor.call('sinceInstall')).toBeGreaterThanOrEqual(60_000_000_000n)
    const [before, after] = actor.call('timesAround') as [bigint, bigint]
    expect(after).toBe(before)
  })
})

describe('Debug.print', () => {
  test('writes to the log, also from the message that installs and from one that traps', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('logs')
    const events = stage.events(() => {
      actor.call('print', 'hello')
      actor.fail('printAndTrap', 'last words')
      actor.call('around')
      actor.query('printInQuery')
      actor.call('values')
    })
    const trap = /^\[TRAP\]: assertion failed at logs\.mo:/
    expect(events.map(({ logs }) => logs)).toEqual([
      ['hello'],
      ['last words', expect.stringMatching(trap)],
      ['before'],
      ['inside'],
      ['after'],
      ['{a = 1; b = ?"x"; c = [var 1, 2]; d = #tag}'],
    ])
    expect(stage.log(actor.id)).toEqual(['installed', ...events.flatMap(({ logs }) => logs)])
  })
})

describe('instructions', () => {
  test('grow with the work, by the same amount for the same work', () => {
    const actor = new Stage(programs).actor('counters')
    const [small, twice, large] = [100n, 200n, 300n].map((n) => actor.call('measure', n) as bigint) as [bigint, bigint, bigint]
    expect(large - twice).toBe(twice - small)
    expect(actor.call('measure', 100n)).toBe(small)
  })

  test('are those of the message, which an await ends', () => {
    const stage = new Stage(programs)
    const actor = stage.actor('counters')
    const events = stage.events(() => {
      const [before, after] = actor.call('across') as [bigint, bigint]
      expect(after).toBeLessThan(before)
    })
    const [first, , last] = events.map(({ instructions }) => instructions)
    expect(first).toBeGreaterThan(last ?? 0n)
  })
})

describe('computations', () => {
  test.each<[string, bigint[], unknown]>([
    ['primes', [10_000n], 1229n],
    ['fibonacci', [20n], 6765n],
    ['sort', [1000n], medianOfGenerated(1000)],
  ])('%s', (method, args, result) => {
    expect(new Stage(programs).actor('sorting').call(method, ...args)).toBe(result)
  })

  test.each<[string, bigint[], unknown]>([
    ['factorial', [30n], 265252859812191058636308480000000n],
    ['digits', [10_000n], 3011n],
    ['gcd', [2n ** 90n * 3n, 2n ** 40n * 9n], 2n ** 40n * 3n],
    ['modPower', [3n, 1_000_003n, 1_000_000_007n], modPower(3n, 1_000_003n, 1_000_000_007n)],
  ])('%s', (method, args, result) => {
    expect(new Stage(programs).actor('numbers').call(method, ...args)).toBe(result)
  })

  test('floats', () => {
    expect(new Stage(programs).actor('numbers').call('floats', of(IDL.Float64, 2))).toBe('(1.414214, 0.666667, +2, true, 0.909297)')
  })
})

function medianOfGenerated(count: number): number {
  let seed = 1
  const values = Array.from({ length: count }, () => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0))
  return values.sort((a, b) => a - b)[count / 2] ?? 0
}

function modPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (let n = 0n; n < exponent; n++) result = (result * base) % modulus
  return result
}
