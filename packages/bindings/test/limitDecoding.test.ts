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
    ['bytes that end before the types', '00', /^Cannot parse header 00: binary parser error: io error$/],
    ['a table cut short', '4449444c05', /^Cannot parse header 4449444c05: binary parser error: io error$/],
    ['a table longer than the message', '4449444cffffffff0f', /^Cannot parse header 4449444cffffffff0f: binary parser error: io error$/],
    ['another format', '6162636465', /^Cannot parse header 6162636465: binary parser error: Unexpected bytes at byte offset 0$/],
    ['much of another format', '61'.repeat(501), /^Cannot parse header: binary parser error: Unexpected bytes at byte offset 0$/],
    ['a value cut short', '4449444c0001710561', /^unexpected end of input$/],
    ['an unknown type', '4449444c0140', /unknown type constructor/],
  ])('%s', (_, hex, message) => {
    expect(() => limitDecoding(Uint8Array.from(Buffer.from(hex, 'hex')))).toThrow(message)
  })
})
