import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import { describe, expect, test } from 'vitest'
import { limitDecoding } from '../src/index.ts'

const list = IDL.Rec()
list.fill(IDL.Record({ head: IDL.Nat, tail: IDL.Opt(list) }))

describe('ordinary messages pass', () => {
  test.each<[string, IDL.Type[], unknown[]]>([
    ['nothing', [], []],
    ['numbers and texts', [IDL.Nat, IDL.Text, IDL.Vec(IDL.Nat8)], [5n, 'x', new Uint8Array(9)]],
    ['a recursive type', [list], [{ head: 1n, tail: [{ head: 2n, tail: [] }] }]],
    [
      'a variant of many names',
      [IDL.Variant(Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`v${i}`, IDL.Null])))],
      [{ v7: null }],
    ],
    ['a unit field', [IDL.Record({ a: IDL.Null, b: IDL.Nat })], [{ a: null, b: 1n }]],
    ['a function', [IDL.Func([IDL.Text, IDL.Null], [IDL.Nat], ['query'])], [[Principal.anonymous(), 'm']]],
    ['a service', [IDL.Service({ m: IDL.Func([], [], []), other: IDL.Func([IDL.Nat], [], []) })], [Principal.anonymous()]],
  ])('%s', (_, types, values) => {
    expect(() => limitDecoding(IDL.encode(types, values))).not.toThrow()
  })
})

describe('messages that stand for more than they are do not', () => {
  const doubling = Array.from({ length: 40 }, (_, i) => {
    const half = i === 0 ? '7f' : (i - 1).toString(16).padStart(2, '0')
    return `6c0200${half}01${half}`
  })
  test.each<[string, string, RegExp]>([
    ['a vector of two billion nulls', '4449444c016d7f0100ffffffff07', /stands for more than/],
    ['a vector of empty records', '4449444c026d016c000100ffffffff07', /stands for more than/],
    ['records that double forty times', `4449444c28${doubling.join('')}0127`, /stands for more than/],
    ['bytes that end before the types', '00', /unexpected end/],
    ['a table cut short', '4449444c05', /unexpected end/],
    ['a table longer than the message', '4449444cffffffff0f', /unexpected end/],
    ['an unknown type', '4449444c0140', /unknown type constructor/],
  ])('%s', (_, hex, message) => {
    expect(() => limitDecoding(Uint8Array.from(Buffer.from(hex, 'hex')))).toThrow(message)
  })
})
