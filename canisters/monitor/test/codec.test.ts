import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import { monitorTypes } from '@tidemark/bindings'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCodec } from '../src/candid/codec.ts'

const principal = fc.uint8Array({ maxLength: 29 }).map((bytes) => Principal.fromUint8Array(bytes))
const opt = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined }).map((found) => (found === undefined ? [] : [found]))
const visibility = fc.oneof(
  fc.constant({ controllers: null }),
  fc.constant({ public: null }),
  fc.record({ allowed_viewers: fc.array(principal, { maxLength: 3 }) }, { noNullPrototype: true }),
)
const nat = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 130n }), fc.bigInt({ min: 0n, max: 300n }))

const Everything = IDL.Record({
  nat: IDL.Nat,
  small: IDL.Nat8,
  medium: IDL.Nat32,
  large: IDL.Nat64,
  flag: IDL.Bool,
  nothing: IDL.Null,
  name: IDL.Text,
  who: IDL.Principal,
  bytes: IDL.Opt(IDL.Vec(IDL.Nat8)),
  list: IDL.Vec(IDL.Nat),
  visibility: IDL.Opt(monitorTypes.Visibility),
})
const everything = fc.record(
  {
    nat,
    small: fc.nat(255),
    medium: fc.nat(0xffff_ffff),
    large: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    flag: fc.boolean(),
    nothing: fc.constant(null),
    name: fc.string({ unit: 'binary' }),
    who: principal,
    bytes: opt(fc.uint8Array({ maxLength: 40 })),
    list: fc.array(nat, { maxLength: 5 }),
    visibility: opt(visibility),
  },
  { noNullPrototype: true },
)
const example = {
  nat: 0n,
  small: 0,
  medium: 0,
  large: 0n,
  flag: false,
  nothing: null,
  name: '',
  who: Principal.anonymous(),
  bytes: [],
  list: [],
  visibility: [],
}
const codec = createCodec(Everything, example)

describe('any value', () => {
  test('is written byte for byte as the Candid library writes it', () => {
    fc.assert(
      fc.property(everything, (value) => {
        expect(codec.encode(value)).toEqual(IDL.encode([Everything], [value]))
      }),
    )
  })

  test('is read as the Candid library reads it', () => {
    fc.assert(
      fc.property(everything, (value) => {
        const bytes = IDL.encode([Everything], [value])
        expect(codec.decode(bytes)).toEqual(IDL.decode([Everything], bytes)[0])
      }),
    )
  })
})

describe('a message from a sender with other types', () => {
  const Narrow = IDL.Record({ a: IDL.Nat, later: IDL.Opt(IDL.Text), who: IDL.Opt(IDL.Nat) })
  const narrow = createCodec(Narrow, { a: 0n, later: [], who: [] })

  test.each<[string, Record<string, IDL.Type>, Record<string, unknown>]>([
    [
      'fields unknown, of every kind',
      {
        a: IDL.Nat,
        t: IDL.Text,
        v: IDL.Vec(IDL.Record({ x: IDL.Nat, p: IDL.Principal })),
        o: IDL.Opt(IDL.Nat64),
        c: monitorTypes.Visibility,
      },
      { a: 1n, t: 'x', v: [{ x: 1n, p: Principal.anonymous() }], o: [2n], c: { allowed_viewers: [Principal.anonymous()] } },
    ],
    ['optional fields absent', { a: IDL.Nat }, { a: 1n }],
    ['an optional field sent as a plain one', { a: IDL.Nat, who: IDL.Nat }, { a: 1n, who: 5n }],
    ['an optional field of another type', { a: IDL.Nat, who: IDL.Text }, { a: 1n, who: 'text' }],
    ['an optional field sent as null', { a: IDL.Nat, who: IDL.Null }, { a: 1n, who: null }],
    [
      'a field in a type that needs the library',
      { a: IDL.Nat, f: IDL.Float64, i: IDL.Int, fn: IDL.Func([], [], []) },
      { a: 1n, f: 1.5, i: -3n, fn: [Principal.anonymous(), 'm'] },
    ],
    ['unknown lists of nothing', { a: IDL.Nat, n: IDL.Vec(IDL.Null) }, { a: 1n, n: [null, null] }],
  ])('%s: read as the library reads it', (_, fields, value) => {
    const bytes = IDL.encode([IDL.Record(fields)], [value])
    expect(narrow.decode(bytes)).toEqual(IDL.decode([Narrow], bytes)[0])
  })

  test('several values and other subtypes are left to the library as well', () => {
    const bytes = IDL.encode([Narrow, IDL.Text], [{ a: 3n, later: [], who: [] }, 'more'])
    expect(narrow.decode(bytes)).toEqual({ a: 3n, later: [], who: [] })
  })

  test('after one sender comes another: each is read by its own types', () => {
    const one = IDL.encode([IDL.Record({ a: IDL.Nat })], [{ a: 1n }])
    const two = IDL.encode([Narrow], [{ a: 2n, later: ['x'], who: [] }])
    expect([one, two, one].map((bytes) => narrow.decode(bytes))).toEqual([
      { a: 1n, later: [], who: [] },
      { a: 2n, later: ['x'], who: [] },
      { a: 1n, later: [], who: [] },
    ])
  })

  test('a required field that is missing is an error', () => {
    expect(() => narrow.decode(IDL.encode([IDL.Record({ b: IDL.Nat })], [{ b: 1n }]))).toThrow()
  })
})

describe('bytes that are no message', () => {
  test('never give a value that the library would not give', () => {
    const valid = IDL.encode(
      [Everything],
      [{ ...example, bytes: [Uint8Array.of(1, 2)], list: [1n, 2n ** 70n], visibility: [{ allowed_viewers: [Principal.anonymous()] }] }],
    )
    fc.assert(
      fc.property(fc.nat(valid.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
        const damaged = cut ? valid.slice(0, at) : valid.map((old, index) => (index === at ? byte : old))
        const ours = attempt(() => codec.decode(damaged))
        if (ours.failed) return
        const theirs = attempt(() => IDL.decode([Everything], damaged)[0])
        if (!theirs.failed) expect(ours.value).toEqual(theirs.value)
      }),
      { numRuns: 2_000 },
    )
  })

  test.each([[[]], [[0x44, 0x49, 0x44]], [[1, 2, 3, 4, 5]]])('%j is refused', (bytes) => {
    expect(() => codec.decode(Uint8Array.from(bytes))).toThrow()
  })
})

test('writing a value of another type is an error', () => {
  expect(() => codec.encode({ ...example, nat: 'text' })).toThrow(TypeError)
  expect(() => codec.encode({ ...example, who: 'text' })).toThrow(TypeError)
  expect(() => codec.encode({ ...example, visibility: [{ nobody: null }] })).toThrow(TypeError)
})

function attempt(run: () => unknown): { failed: true } | { failed: false; value: unknown } {
  try {
    return { failed: false, value: run() }
  } catch {
    return { failed: true }
  }
}
