import { IDL } from '@dfinity/candid'
import { type ManagementService, managementTypes } from '@tidemark/bindings'
import { createPricing, httpOutcallFee } from '@tidemark/cycles'
import { managementCanisterId, toHex } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import {
  candid,
  decodeManagement,
  encodeManagement,
  expectNumber,
  expectReject,
  expectReply,
  network,
  program,
  universalCanister,
} from '../../../../tests/support/index.ts'
import { assemble } from './support/modules.ts'
import { refusal, relay } from './support/relay.ts'

type HttpRequest = Parameters<ManagementService['http_request']>[0]

const wasm = universalCanister()
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const plenty = 100_000_000_000n
const minute = 60

const request = (fields: Partial<HttpRequest> = {}): HttpRequest => ({
  url: 'https://example.com/a?b',
  method: { get: null },
  headers: [],
  body: [],
  max_response_bytes: [],
  transform: [],
  is_replicated: [],
  pricing_version: [],
  ...fields,
})
const response = { status: 200, headers: [{ name: 'Content-Type', value: 'text/plain' }], body: utf8('hello') }

const setUp = () => {
  const net = network({ httpOutcalls: 'mocked' })
  return { net, canister: net.install(wasm) }
}

/** A canister that has asked. */
const asking = (arg = request()) => {
  const { net, canister } = setUp()
  const id = net.send(canister, relay('http_request', arg, plenty))
  net.tick()
  return { net, canister, id, outcall: net.replica.pendingHttpOutcalls()[0] }
}

const answerOf = (net: ReturnType<typeof setUp>['net'], id: Uint8Array) =>
  decodeManagement('http_request', expectReply(net.await(id, 1)).bytes)

describe('a request', () => {
  test('is refused where there are no outcalls', () => {
    const net = network()
    expect(refusal(net, net.install(wasm), 'http_request', request(), plenty)).toContain('This API is not enabled on this subnet')
    expect(net.replica.pendingHttpOutcalls()).toEqual([])
  })
  test('is listed until it is answered, and the answer comes in the next round', () => {
    const headers = [{ name: 'Accept', value: '*' }]
    const arg = request({ method: { post: null }, headers, body: [utf8('question')], max_response_bytes: [1_000n] })
    const { net, canister, id, outcall } = asking(arg)
    expect(outcall).toEqual({
      id: 0n,
      canisterId: canister,
      method: 'POST',
      url: arg.url,
      headers,
      body: utf8('question'),
      maxResponseBytes: 1_000n,
      replication: { kind: 'full' },
      pricing: 'legacy',
    })
    net.tick(3)
    expect(net.status(id)?.status).toBe('processing')
    expect(net.replica.hasPendingWork()).toBe(false)
    expect(net.replica.answerHttpOutcall(0n, response)).toBe(true)
    expect(net.replica.hasPendingWork()).toBe(true)
    expect(answerOf(net, id)).toEqual({ ...response, status: 200n })
    expect(net.replica.pendingHttpOutcalls()).toEqual([])
    expect(net.replica.answerHttpOutcall(0n, response)).toBe(false)
  })
  test('each has its own answer', () => {
    const { net, canister } = setUp()
    const ids = ['a', 'b', 'c'].map((name) => net.send(canister, relay('http_request', request({ url: `https://${name}.com` }), plenty)))
    net.tick()
    const outcalls = net.replica.pendingHttpOutcalls()
    expect(outcalls.map(({ url }) => url)).toEqual(['https://a.com', 'https://b.com', 'https://c.com'])
    for (const { id, url } of [...outcalls].reverse()) net.replica.answerHttpOutcall(id, { ...response, body: utf8(url) })
    const bodies = ids.map((id) => (decodeManagement('http_request', expectReply(net.await(id)).bytes) as { body: Uint8Array }).body)
    expect(bodies.map(toHex)).toEqual(['https://a.com', 'https://b.com', 'https://c.com'].map((url) => toHex(utf8(url))))
  })
  test('two runs end in the same state', () => {
    const run = () => {
      const { net, id } = asking()
      net.replica.answerHttpOutcall(0n, response)
      net.await(id)
      return [toHex(net.replica.certificate([[utf8('time')]])), net.replica.cyclesLedger()]
    }
    expect(run()).toEqual(run())
  })
  test('a status that is none is not taken', () => {
    const { net } = asking()
    expect(() => net.replica.answerHttpOutcall(0n, { ...response, status: 1.5 })).toThrow('not a status: 1.5')
    expect(net.replica.pendingHttpOutcalls()).toHaveLength(1)
  })
})

describe('an outcall that fails', () => {
  const codeAndText = program().sys('msg_reject_code').replyInt()
  test.each([1, 2, 3, 4, 5] as const)('reject code %i reaches the canister', (rejectCode) => {
    const { net, canister } = setUp()
    const id = net.send(canister, relay('http_request', request(), plenty, codeAndText, codeAndText))
    net.tick()
    net.replica.answerHttpOutcall(0n, { rejectCode, message: 'no route' })
    expect(expectNumber(net.await(id))).toBe(BigInt(rejectCode))
  })
  test('its text too', () => {
    const { net, id } = asking()
    net.replica.answerHttpOutcall(0n, { rejectCode: 2, message: 'no route' })
    expect(expectReject(net.await(id))).toContain('no route')
  })
  test('nobody answers for more than 60 seconds of block time', () => {
    const { net, canister } = setUp()
    const id = net.send(canister, relay('http_request', request(), plenty))
    const code = net.send(canister, relay('http_request', request(), plenty, codeAndText, codeAndText))
    net.tick()
    net.advance(minute - 1)
    expect(net.status(id)?.status).toBe('processing')
    net.advance(1)
    expect(net.replica.pendingHttpOutcalls()).toEqual([])
    expect(expectReject(net.await(id, 0))).toContain('Canister http request timed out')
    expect(expectNumber(net.await(code, 0))).toBe(2n)
    expect(net.replica.answerHttpOutcall(0n, response)).toBe(false)
  })
  test('a scheme that is not https costs the fee', () => {
    const { net, canister } = setUp()
    const answer = program().amount('msg_cycles_refunded128').replyTop()
    const refunded = expectNumber(net.update(canister, relay('http_request', request({ url: 'http://a.com' }), plenty, answer, answer)))
    expect(refunded).toBeLessThan(plenty)
    expect(refusal(net, canister, 'http_request', request({ url: 'http://a.com' }), plenty)).toContain('Url need to specify https scheme')
  })
})

describe('limits of the request', () => {
  const header = (name: number, value: number) => ({ name: 'n'.repeat(name), value: 'v'.repeat(value) })
  const many = (count: number, name: number, value: number) => Array.from({ length: count }, () => header(name, value))
  const rows: [name: string, fits: Partial<HttpRequest>, breaks: Partial<HttpRequest>, text: string][] = [
    ['url', { url: 'https://a'.padEnd(8_192, 'x') }, { url: 'https://a'.padEnd(8_193, 'x') }, 'url size 8193 exceeds 8192'],
    [
      'headers',
      { headers: many(64, 1, 1) },
      { headers: many(65, 1, 1) },
      'Error decoding candid: Deserialize error: The number of elements exceeds maximum allowed 64',
    ],
    [
      'header name',
      { headers: many(1, 8_192, 0) },
      { headers: many(1, 8_193, 0) },
      'number of bytes to represent some http header name 8193 exceeds 8192',
    ],
    [
      'header value',
      { headers: many(1, 0, 8_192) },
      { headers: many(1, 0, 8_193) },
      'number of bytes to represent some http header value 8193 exceeds 8192',
    ],
    [
      'all headers',
      { headers: many(6, 0, 8_192) },
      { headers: [...many(6, 0, 8_192), header(1, 0)] },
      'Error decoding candid: Deserialize error: The total data size exceeds maximum allowed 49152',
    ],
    [
      'request',
      { body: [new Uint8Array(1_999_990)], headers: many(1, 5, 5) },
      { body: [new Uint8Array(1_999_990)], headers: many(1, 5, 6) },
      'total number of bytes to represent all http header names and values and http body 2000001 exceeds 2000000',
    ],
    [
      'response',
      { max_response_bytes: [2_000_000n] },
      { max_response_bytes: [2_000_001n] },
      'max_response_bytes expected to be in the range [0..2000000], got 2000001',
    ],
    ...(['put', 'delete', 'patch'] as const).map((method): (typeof rows)[number] => [
      method,
      { method: { [method]: null } as HttpRequest['method'], is_replicated: [false] },
      { method: { [method]: null } as HttpRequest['method'], is_replicated: [true] },
      'The requested HTTP method is only allowed for non-replicated requests.',
    ]),
  ]
  test.each(rows)('%s', (_, fits, breaks, text) => {
    expect(asking(request(fits)).outcall).toBeDefined()
    const { net, canister } = setUp()
    expect(refusal(net, canister, 'http_request', request(breaks), plenty)).toContain(text)
    expect(net.replica.pendingHttpOutcalls()).toEqual([])
  })
  test('a transform function of another canister', () => {
    const { net, canister } = setUp()
    const other = net.install(wasm)
    const transform = { function: [candid(other), 'query'] as [ReturnType<typeof candid>, string], context: utf8('') }
    expect(refusal(net, canister, 'http_request', request({ transform: [transform] }), plenty)).toContain(
      `transform principal id expected to be ${canister.toText()}, got ${other.toText()}`,
    )
  })
})

describe('limits of the response', () => {
  const headers = [{ name: 'abc', value: 'defg' }]
  test.each([
    ['everything fits', 10n, 3, undefined],
    ['the body does not fit beside the headers', 10n, 4, 'Http body exceeds size limit of 10 bytes.'],
    ['the headers alone are too long', 6n, 0, 'Header size exceeds specified response size limit 6'],
  ])('%s', (_, limit, bodyBytes, text) => {
    const { net, id } = asking(request({ max_response_bytes: [limit] }))
    net.replica.answerHttpOutcall(0n, { status: 200, headers, body: new Uint8Array(bodyBytes) })
    const outcome = net.await(id)
    if (text === undefined) expectReply(outcome)
    else expect(expectReject(outcome)).toContain(text)
  })
})

describe('the fee', () => {
  test('is that of the price list, taken at once and counted', () => {
    const { net, canister } = setUp()
    const arg = request({ headers: [{ name: 'ab', value: 'c' }], body: [utf8('body')], max_response_bytes: [500n] })
    const fee = httpOutcallFee(createPricing({ profile: '2026', subnetSize: 13 }), {
      requestBytes: arg.url.length + 3 + 4,
      maxResponseBytes: 500,
    })
    const grouped = (cycles: bigint) => cycles.toString().replace(/\B(?=(\d{3})+$)/g, '_')
    expect(refusal(net, canister, 'http_request', arg, fee - 1n)).toContain(
      `http_request request sent with ${grouped(fee - 1n)} cycles, but ${grouped(fee)} cycles are required.`,
    )
    const answer = program().amount('msg_cycles_refunded128').replyTop()
    const id = net.send(canister, relay('http_request', arg, fee + 7n, answer, answer))
    net.tick()
    expect(net.canister(canister).consumedCycles.http_outcalls).toBe(fee)
    const { minted, held, burned } = net.replica.cyclesLedger()
    expect(minted).toBe(held + burned)
    net.replica.answerHttpOutcall(0n, response)
    expect(expectNumber(net.await(id))).toBe(7n)
    const after = net.replica.cyclesLedger()
    expect(after.minted).toBe(after.held + after.burned)
  })
})

describe('the transform function', () => {
  /** Sends its argument to `http_request` and passes on what comes back; its queries are the transform functions. */
  const caller = assemble(`(module
    (import "ic0" "msg_arg_data_size" (func $arg_size (result i32)))
    (import "ic0" "msg_arg_data_copy" (func $arg_copy (param i32 i32 i32)))
    (import "ic0" "msg_caller_size" (func $caller_size (result i32)))
    (import "ic0" "msg_caller_copy" (func $caller_copy (param i32 i32 i32)))
    (import "ic0" "msg_reject_msg_size" (func $reason_size (result i32)))
    (import "ic0" "msg_reject_msg_copy" (func $reason_copy (param i32 i32 i32)))
    (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
    (import "ic0" "msg_reply" (func $reply))
    (import "ic0" "msg_reject" (func $reject (param i32 i32)))
    (import "ic0" "trap" (func $trap (param i32 i32)))
    (import "ic0" "call_new" (func $call_new (param i32 i32 i32 i32 i32 i32 i32 i32)))
    (import "ic0" "call_data_append" (func $call_data (param i32 i32)))
    (import "ic0" "call_cycles_add" (func $call_cycles (param i64)))
    (import "ic0" "call_perform" (func $perform (result i32)))
    (memory (export "memory") 80)
    (table 2 funcref)
    (elem (i32.const 0) $on_reply $on_reject)
    (data (i32.const 0) "no thanks")
    (data (i32.const 16) "http_request")
    (global $count (mut i32) (i32.const 0))
    (func $take_arg (call $arg_copy (i32.const 200) (i32.const 0) (call $arg_size)))
    (func $on_reply (param i32) (call $take_arg) (call $append (i32.const 200) (call $arg_size)) (call $reply))
    (func $on_reject (param i32)
      (call $reason_copy (i32.const 200) (i32.const 0) (call $reason_size))
      (call $reject (i32.const 200) (call $reason_size)))
    (func $begin_call
      (call $call_new (i32.const 100) (i32.const 0) (i32.const 16) (i32.const 12)
        (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 0)))
    (func (export "canister_update ask")
      (call $take_arg)
      (call $begin_call)
      (call $call_data (i32.const 200) (call $arg_size))
      (call $call_cycles (i64.const ${plenty}))
      (drop (call $perform)))
    (func (export "canister_query echo")
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (call $caller_copy (i32.const 100) (i32.const 0) (call $caller_size))
      (call $append (i32.const 100) (call $caller_size))
      (call $take_arg)
      (call $append (i32.const 200) (call $arg_size))
      (call $reply))
    (func (export "canister_query rejects") (call $reject (i32.const 0) (i32.const 9)))
    (func (export "canister_query traps") (call $trap (i32.const 0) (i32.const 9)))
    (func (export "canister_query silent"))
    (func (export "canister_query long") (call $append (i32.const 0) (i32.const 11)) (call $reply))
    (func (export "canister_query calls") (call $begin_call))
    (func (export "canister_composite_query composite") (call $reply))
    (func (export "canister_update update") (call $reply))
    (func (export "canister_query count")
      (i32.store (i32.const 300) (global.get $count)) (call $append (i32.const 300) (i32.const 4)) (call $reply)))`)
  const context = utf8('context')

  /** A request with this function, not answered yet. */
  const transforming = (method: string, fields: Partial<HttpRequest> = {}) => {
    const net = network({ httpOutcalls: 'mocked' })
    const canister = net.install(caller)
    const arg = request({ transform: [{ function: [candid(canister), method], context }], ...fields })
    const id = net.submit(canister, 'ask', encodeManagement('http_request', arg)) as Uint8Array
    net.tick()
    return { net, canister, id }
  }

  test('is asked by the management canister, with response and context; its reply is the answer', () => {
    const { net, canister, id } = transforming('echo')
    net.replica.answerHttpOutcall(0n, response)
    const argument = IDL.encode([managementTypes.HttpTransformArgs], [{ response: { ...response, status: 200n }, context }])
    expect(toHex(expectReply(net.await(id)).bytes)).toBe(toHex(managementCanisterId.bytes) + toHex(argument))
    expect(expectNumber(net.query(canister, '', 'count'))).toBe(0n)
  })
  test('costs the canister no more than the callback does, and its context counts for the fee', () => {
    const paid = [context, utf8('a longer context')].map((longer) => {
      const net = network({ httpOutcalls: 'mocked' })
      const canister = net.install(caller)
      const transform = { function: [candid(canister), 'echo'] as [ReturnType<typeof candid>, string], context: longer }
      net.submit(canister, 'ask', encodeManagement('http_request', request({ transform: [transform] })))
      net.tick()
      return net.canister(canister).consumedCycles.http_outcalls
    })
    expect((paid[1] as bigint) - (paid[0] as bigint)).toBe(9n * 400n * 13n)
  })
  test.each([
    ['rejects', 'no thanks'],
    ['traps', "IC0503: Error from Canister CANISTER: Canister called `ic0.trap` with message: 'no thanks'"],
    ['silent', 'IC0506: Canister CANISTER did not produce a response'],
    [
      'calls',
      'IC0504: Error from Canister CANISTER: Canister violated contract: "ic0_call_new" cannot be executed in non replicated query mode',
    ],
    ['missing', "IC0536: Error from Canister CANISTER: Canister has no query method 'missing'."],
    ['update', "IC0536: Error from Canister CANISTER: Canister has no query method 'update'."],
    ['composite', 'IC0527: Composite query cannot be used as transform in canister http outcalls.'],
  ])('a transform function that is of the kind "%s": the call is rejected', (method, text) => {
    const { net, canister, id } = transforming(method)
    net.replica.answerHttpOutcall(0n, response)
    expect(expectReject(net.await(id))).toContain(text.replace('CANISTER', canister.toText()))
  })
  test('what it makes of the response keeps to the limit too', () => {
    const { net, id } = transforming('long', { max_response_bytes: [10n] })
    net.replica.answerHttpOutcall(0n, { status: 200, headers: [], body: new Uint8Array(10) })
    expect(expectReject(net.await(id))).toContain('Transformed http response exceeds limit: 10')
  })
  test('is not asked about a failure', () => {
    const { net, id } = transforming('traps')
    net.replica.answerHttpOutcall(0n, { rejectCode: 1, message: 'no route' })
    expect(expectReject(net.await(id))).toContain('no route')
  })
})
