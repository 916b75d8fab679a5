import { IDL } from '@dfinity/candid'
import { describe, expect, test } from 'vitest'
import { decodeValues } from '../src/fromIdl.ts'
import { readInterface } from '../src/interface.ts'
import { toJson } from '../src/json.ts'
import { parseArguments } from '../src/parseValue.ts'
import { printArguments, printArgumentsOnOneLine } from '../src/printValue.ts'
import { encodeArguments } from '../src/toIdl.ts'

/** Reads a text against types and prints it again. */
function check(text: string, types: IDL.Type[]): string {
  return printArguments(decodeValues(encodeArguments(parseArguments(text), types), types))
}

const order = IDL.Vec(IDL.Variant({ Heartbeat: IDL.Null, OnLowWasmMemory: IDL.Null }))
const heartbeats = (count: number) => Array.from({ length: count }, () => 'variant { Heartbeat }').join('; ')

describe('values print as dfx prints them', () => {
  test.each([
    ['()', [], '()'],
    ['(1)', [IDL.Nat], '(1 : nat)'],
    ['(1_234_567)', [IDL.Nat64], '(1_234_567 : nat64)'],
    ['(-1234)', [IDL.Int], '(-1_234 : int)'],
    ['(0xff)', [IDL.Nat8], '(255 : nat8)'],
    ['(1)', [IDL.Float64], '(1.0 : float64)'],
    ['(1e21, 2.5e-7)', [IDL.Float64, IDL.Float64], '(1000000000000000000000.0 : float64, 0.00000025 : float64)'],
    ['(0.1)', [IDL.Float32], '(0.1 : float32)'],
    ['(true, "hi")', [IDL.Bool, IDL.Text], '(true, "hi")'],
    ['("it\'s\\n\\u{1f600}")', [IDL.Text], '("it\\\'s\\n😀")'],
    ['(null)', [IDL.Opt(IDL.Nat)], '(null)'],
    ['(opt 5)', [IDL.Opt(IDL.Nat)], '(opt (5 : nat))'],
    ['(opt "x")', [IDL.Opt(IDL.Text)], '(opt "x")'],
    ['(null)', [IDL.Null], '(null : null)'],
    ['(blob "DIDL\\00")', [IDL.Vec(IDL.Nat8)], '(blob "\\44\\49\\44\\4c\\00")'],
    ['(vec { 68; 73 })', [IDL.Vec(IDL.Nat8)], '(blob "DI")'],
    ['(principal "aaaaa-aa")', [IDL.Principal], '(principal "aaaaa-aa")'],
    ['(func "aaaaa-aa".raw_rand)', [IDL.Func([], [], [])], '(func "aaaaa-aa".raw_rand)'],
    ['(variant { Heartbeat })', [IDL.Variant({ Heartbeat: IDL.Null })], '(variant { Heartbeat })'],
    ['(variant { ok = 3 })', [IDL.Variant({ ok: IDL.Nat, err: IDL.Text })], '(variant { ok = 3 : nat })'],
    ['(record { 1; "b" })', [IDL.Tuple(IDL.Nat, IDL.Text)], '(record { 1 : nat; "b" })'],
    ['(record {})', [IDL.Record({})], '(record {})'],
    ['(record { "opt" = true })', [IDL.Record({ opt: IDL.Bool, size: IDL.Opt(IDL.Nat) })], '(record { "opt" = true; size = null })'],
    [`(vec { ${heartbeats(2)} })`, [order], `(vec { variant { Heartbeat }; variant { Heartbeat } })`],
  ] as [string, IDL.Type[], string][])('%s', (text, types, printed) => expect(check(text, types)).toBe(printed))

  test('what is longer than 80 columns has a line for each item', () => {
    expect(check(`(vec { ${heartbeats(4)} })`, [order])).toBe(
      [
        '(',
        '  vec {',
        '    variant { Heartbeat };',
        '    variant { Heartbeat };',
        '    variant { Heartbeat };',
        '    variant { Heartbeat };',
        '  },',
        ')',
      ].join('\n'),
    )
  })

  test('a list of more than ten items stays on one line', () => {
    const nineteen = `(vec { ${heartbeats(18)}; variant { OnLowWasmMemory } })`
    expect(check(nineteen, [order])).toBe(`(\n  vec { ${heartbeats(18)}; variant { OnLowWasmMemory };},\n)`)
  })

  test('on one line whatever the length, and as JSON', () => {
    const values = parseArguments(`(record { a = vec { 1; 2 }; b = opt "x"; c = 1_000 })`)
    expect(printArgumentsOnOneLine(values)).toBe('(record { a = vec { 1; 2;}; b = opt "x"; c = 1_000;})')
    expect(values.map(toJson)).toEqual([{ a: ['1', '2'], b: ['x'], c: '1000' }])
  })
})

describe('a value that does not fit says where and why', () => {
  test.each([
    ['(1)', [IDL.Text], 'argument 1: expected text, got the number 1'],
    ['("1")', [IDL.Nat], 'argument 1: expected nat, got a text'],
    ['(-1)', [IDL.Nat], 'argument 1: -1 does not fit nat'],
    ['(256)', [IDL.Nat8], 'argument 1: 256 does not fit nat8'],
    ['(1.5)', [IDL.Nat], 'argument 1: 1.5 is no integer, but nat is wanted'],
    ['()', [IDL.Nat], 'argument 1 is missing: the method takes nat'],
    ['(1, 2)', [IDL.Nat], 'too many arguments: got 2, the method takes 1'],
    ['(record { b = 1 })', [IDL.Record({ a: IDL.Nat })], 'argument 1: field a of type nat is missing'],
    ['(record { a = 1; b = 1 })', [IDL.Record({ a: IDL.Nat })], 'argument 1: there is no field b; the fields are a'],
    ['(variant { c })', [IDL.Variant({ a: IDL.Null, b: IDL.Null })], 'argument 1: there is no case c; the cases are a, b'],
    ['(5)', [IDL.Opt(IDL.Nat)], 'write opt … for a value that is there'],
    ['(1 : nat8)', [IDL.Nat64], 'argument 1: expected nat64, got a value marked as nat8'],
    ['(principal "x")', [IDL.Principal], 'argument 1: "x" is not a principal'],
  ] as [string, IDL.Type[], string][])('%s', (text, types, message) =>
    expect(() => encodeArguments(parseArguments(text), types)).toThrow(message),
  )

  test.each([
    ['(hello)', 'expected a value (a text needs quotes), found "hello"'],
    ['(1', 'expected "," or ")", found the end of the text'],
    ['("a)', 'string without a closing quote'],
    ['(1) 2', 'expected the end of the arguments, found "2"'],
    ['("\\ud8")', undefined],
  ])('%s', (text, message) => expect(() => parseArguments(text)).toThrow(message))
})

test('optional arguments at the end may be left out', () => {
  const types = [IDL.Text, IDL.Opt(IDL.Nat)]
  expect(check('("a")', types)).toBe('("a", null)')
})

describe('an interface description', () => {
  const did = `
    // comment
    type List = opt record { head : int; tail : List };
    type Pair = record { text; nat8 };
    service : (init : opt nat) -> {
      "get order" : () -> (vec variant { Heartbeat; OnLowWasmMemory }) query;
      push : (List, Pair) -> ();
      watch : (func (text) -> () oneway) -> (blob) composite_query;
    };`

  test('gives methods, their modes and the init arguments', () => {
    const { initArgs, methods } = readInterface(did)
    expect(initArgs.map((type) => type.name)).toEqual(['opt nat'])
    expect([...methods].map(([name, method]) => [name, method.isQuery])).toEqual([
      ['get order', true],
      ['push', false],
      ['watch', true],
    ])
  })

  test('recursive types carry values', () => {
    const push = readInterface(did).methods.get('push')
    const text = '(opt record { head = 1; tail = opt record { head = 2; tail = null } }, record { "x"; 9 })'
    expect(printArgumentsOnOneLine(decodeValues(encodeArguments(parseArguments(text), push?.args), push?.args))).toBe(
      '(opt record { head = 1 : int; tail = opt record { head = 2 : int; tail = null;};}, record { "x"; 9 : nat8;})',
    )
  })

  test('init arguments may stand apart, as compilers write them', () => {
    expect(readInterface('service : { f : () -> () }', '(a: nat, text)').initArgs.map((type) => type.name)).toEqual(['nat', 'text'])
  })

  test.each([
    ['service : { f : (Missing) -> () }', 'type Missing is not defined'],
    ['type A = B; type B = A; service : { f : (A) -> () }', 'is not defined'],
    ['import "other.did"; service : {}', 'imports of other interface files are not supported'],
    ['service : { f : nat }', 'type nat is not defined'],
  ])('%s', (text, message) => expect(() => readInterface(text)).toThrow(message))
})
