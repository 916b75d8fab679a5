import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeTrace,
  decodeTraceEvent,
  encodeTrace,
  encodeTraceEvent,
  traceKinds,
  TraceFormatError,
  type TraceEvent,
} from '../src/index.ts'
import { heartbeat } from './events.ts'

const trapped: TraceEvent = {
  ...heartbeat,
  seq: 1,
  kind: 'update',
  methodName: 'grow',
  outcome: 'trapped',
  error: 'line one\nline two',
  logs: ['"quoted"', 'ünïcode \u2028'],
  causeSeq: 0,
}

test('an event is one line with its fields in a fixed order', () => {
  expect(encodeTraceEvent(trapped)).toBe(
    '{"seq":1,"round":"7","timeNanos":"1750000000000000000","canisterId":"bkyz2-fmaaa-aaaaa-qaaaq-cai","kind":"update","methodName":"grow",' +
      '"instructions":"12345","cyclesCharged":"5012345","heapPagesDirtied":3,"memoryBefore":"1458176","memoryAfter":"1523712",' +
      '"outcome":"trapped","error":"line one\\nline two","logs":["\\"quoted\\"","ünïcode \u2028"],"causeSeq":0}',
  )
})

const amount = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })
const count = fc.maxSafeNat()
const required = {
  seq: count,
  round: amount,
  timeNanos: amount,
  canisterId: fc.string(),
  kind: fc.constantFrom(...traceKinds),
  instructions: amount,
  cyclesCharged: amount,
  heapPagesDirtied: count,
  memoryBefore: amount,
  memoryAfter: amount,
  outcome: fc.constantFrom('returned' as const, 'trapped' as const),
  logs: fc.array(fc.string({ unit: 'binary' })),
}
const optional = { methodName: fc.string({ unit: 'binary' }), error: fc.string({ unit: 'binary' }), causeSeq: count }
const events = fc.record(
  { ...required, ...optional },
  {
    requiredKeys: [
      'seq',
      'round',
      'timeNanos',
      'canisterId',
      'kind',
      'instructions',
      'cyclesCharged',
      'heapPagesDirtied',
      'memoryBefore',
      'memoryAfter',
      'outcome',
      'logs',
    ],
  },
)

test('whatever is written is read back, whatever its texts and however large its figures', () => {
  fc.assert(
    fc.property(fc.array(events), (recorded) => {
      const text = encodeTrace(recorded)
      expect(text.split('\n')).toHaveLength(recorded.length + 1)
      expect(decodeTrace(text)).toEqual(recorded)
    }),
  )
})

test('a run of a lifecycle hook is told by its kind and the name of its method', () => {
  const run: TraceEvent = { ...heartbeat, seq: 4, kind: 'lifecycle_hook', methodName: 'canister_on_low_cycles' }
  expect(encodeTraceEvent(run)).toContain('"kind":"lifecycle_hook","methodName":"canister_on_low_cycles"')
  expect(decodeTraceEvent(encodeTraceEvent(run))).toEqual(run)
})

test('blank lines, carriage returns and unknown fields do not matter', () => {
  const line = encodeTraceEvent(trapped).replace('{', '{"subnet":"later",')
  expect(decodeTrace(`\n${line}\r\n\n`)).toEqual([trapped])
})

describe('a line that is no event is refused by the field that is wrong', () => {
  const changed = (changes: Readonly<Record<string, unknown>>): string =>
    JSON.stringify({ ...JSON.parse(encodeTraceEvent(trapped)), ...changes })

  test.each<[string, string]>([
    ['', 'not JSON'],
    ['{', 'not JSON'],
    ['null', 'not a JSON object'],
    ['[]', 'not a JSON object'],
    [changed({ seq: -1 }), '"seq" must be a whole number from 0'],
    [changed({ seq: 0.5 }), '"seq" must be a whole number from 0'],
    [changed({ seq: '1' }), '"seq" must be a whole number from 0'],
    [changed({ round: 7 }), '"round" must be a string'],
    [changed({ round: '0x7' }), '"round" must be a whole number in decimal digits'],
    [changed({ instructions: '-1' }), '"instructions" must be a whole number in decimal digits'],
    [changed({ cyclesCharged: '' }), '"cyclesCharged" must be a whole number in decimal digits'],
    [changed({ canisterId: null }), '"canisterId" must be a string'],
    [changed({ kind: 'inspect' }), '"kind" must be one of update, query'],
    [changed({ kind: undefined }), '"kind" must be one of update, query'],
    [changed({ methodName: 5 }), '"methodName" must be a string'],
    [changed({ outcome: 'done' }), '"outcome" must be one of returned, trapped'],
    [changed({ error: null }), '"error" must be a string'],
    [changed({ logs: 'text' }), '"logs" must be a list of strings'],
    [changed({ logs: [1] }), '"logs" must be a list of strings'],
    [changed({ causeSeq: '0' }), '"causeSeq" must be a whole number from 0'],
  ])('%s', (line, reason) => {
    expect(() => decodeTraceEvent(line)).toThrow(TraceFormatError)
    expect(() => decodeTraceEvent(line)).toThrow(reason)
  })

  test('in a file the line is named', () => {
    expect(() => decodeTrace(`${encodeTraceEvent(trapped)}\n\nnonsense\n`)).toThrow('Line 3: Trace event: not JSON')
  })
})
