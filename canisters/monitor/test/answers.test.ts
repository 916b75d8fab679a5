import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import { monitorTypes } from '@tidemark/bindings'
import { expect, test } from 'vitest'
import { encodeFleet, encodeHistory } from '../src/answers.ts'
import { decodeHistoryArguments, decodeInitArguments } from '../src/arguments.ts'
import { emptySample } from '../src/emptyValues.ts'

const canister = Principal.fromUint8Array(Uint8Array.of(1, 1))
const Arguments = [IDL.Principal, IDL.Opt(monitorTypes.HistoryRange)]

test.each([
  ['nothing', [], undefined],
  ['an empty range', [{ limit: [], before_nanos: [] }], { limit: [], before_nanos: [] }],
  ['a range', [{ limit: [5], before_nanos: [9n] }], { limit: [5], before_nanos: [9n] }],
])('history asked with %s', (_, given, range) => {
  expect(decodeHistoryArguments(IDL.encode(Arguments, [canister, given]))).toEqual({ canister, range })
})

test('history may be asked without a range, as Candid has it for optional arguments', () => {
  expect(decodeHistoryArguments(IDL.encode([IDL.Principal], [canister]))).toEqual({ canister, range: undefined })
})

test('so may an installation be without arguments, as deploying without any does it', () => {
  expect(decodeInitArguments(IDL.encode([], []))).toBeUndefined()
  expect(decodeInitArguments(IDL.encode([IDL.Null], [null]))).toBeUndefined()
  expect(
    decodeInitArguments(IDL.encode([IDL.Opt(IDL.Record({ interval_seconds: IDL.Opt(IDL.Nat32) }))], [[{ interval_seconds: [2] }]])),
  ).toMatchObject({ interval_seconds: [2], visibility: [] })
})

test('history needs to know of which canister', () => {
  expect(() => decodeHistoryArguments(IDL.encode([], []))).toThrow()
})

test('other arguments are an error', () => {
  expect(() => decodeHistoryArguments(IDL.encode([IDL.Text], ['x']))).toThrow()
})

test('answers are what a client decodes with the bindings', () => {
  const fleet: monitorTypes.Fleet = {
    polls: 3n,
    polled_at_nanos: 5n,
    interval_seconds: 1,
    history_limit: 600,
    claim: { ClaimedBy: canister },
    canisters: [{ canister, latest: [emptySample], error: [{ at_nanos: 4n, message: 'lost' }] }],
  }
  expect(IDL.decode([monitorTypes.Fleet], encodeFleet(fleet))).toEqual([fleet])
  expect(IDL.decode([IDL.Vec(monitorTypes.Sample)], encodeHistory([emptySample, emptySample]))).toEqual([[emptySample, emptySample]])
})
