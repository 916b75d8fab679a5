/** What system calls say that things cost, and what they refuse. */
import { createPricing, defaultReplication, outcallEstimate, type Replication } from '@tidemark/cycles'
import { IDL } from '@dfinity/candid'
import { describe, expect, test } from 'vitest'
import { type Program, type WasmMode, outcallParams, program } from '../../../../tests/support/index.ts'
import { Bench } from './bench.ts'

type Params = Required<NonNullable<Parameters<typeof outcallParams>[0]>>

const outside = 1_000_000_000
const scratch = 60_000
const pricing = createPricing({ profile: '2026', subnetSize: 13 })
const usage = { downloadedBytes: 2_000, milliseconds: 300, transformInstructions: 1_000_000, transformedBytes: 2_000 }
const counts = { total_requests: 4, min_responses: 3, max_responses: 4 }
const group: Replication = { kind: 'flexible', totalRequests: 4, minResponses: 3, maxResponses: 4 }

const rows: readonly [name: string, type: Params['outcall_type'], replication: Replication][] = [
  ['all nodes, unless told otherwise', [], { kind: 'full' }],
  ['all nodes', [{ fully_replicated: null }], { kind: 'full' }],
  ['one node', [{ non_replicated: null }], { kind: 'none' }],
  ['a group', [{ flexible: [counts] }], group],
  ['the usual group', [{ flexible: [] }], defaultReplication(13)],
]

describe.each(['wasm32', 'wasm64'] satisfies WasmMode[])('%s', (mode) => {
  const bench = new Bench(mode)
  const run = (body: Program) => {
    bench.load(body)
    return bench.run('update')
  }
  const costOf = (params: Uint8Array) => {
    const { answer, error } = run(program().blob(params).sys('cost_http_request_v2', scratch).int(scratch).int(16).replyTop())
    if (answer?.kind !== 'reply') throw new Error(error?.message)
    const view = new DataView(answer.data.buffer, answer.data.byteOffset)
    return view.getBigUint64(0, true) + (view.getBigUint64(8, true) << 64n)
  }

  test.each(rows)('the price of %s', (_name, outcall_type, replication) => {
    expect(costOf(outcallParams({ outcall_type }))).toBe(outcallEstimate(pricing, 200, usage, replication))
  })
  test('as published: 200 bytes there, 2_000 back, 300 ms, a million instructions', () => {
    expect(costOf(outcallParams())).toBe(69_433_156n)
  })
  test('a field that nobody asked for is not worth the work of passing over it', () => {
    const [type] = IDL.decode([IDL.Unknown], outcallParams()) as unknown as [{ type(): IDL.Type }]
    const fields = (type.type() as unknown as { _fields: [string, IDL.Type][] })._fields
    const value = IDL.decode([type.type()], outcallParams())[0] as object
    const encode = (more: object) =>
      IDL.encode([IDL.Record({ ...Object.fromEntries(fields), ...more })], [{ ...value, garbage: new Uint8Array(75) }])
    expect(costOf(encode({}))).toBe(69_433_156n)
    const { error } = run(
      program()
        .blob(encode({ garbage: IDL.Vec(IDL.Nat8) }))
        .sys('cost_http_request_v2', scratch),
    )
    expect(error).toMatchObject({ errorCode: 'CanisterContractViolation' })
    expect(error?.message).toContain('Failed to decode HttpRequestV2CostParams from Candid: ')
  })
  test('the question of a version that knew one kind of outcall', () => {
    const nat64s = ['request_bytes', 'http_roundtrip_time_ms', 'raw_response_bytes', 'transformed_response_bytes', 'transform_instructions']
    const old = IDL.Record(Object.fromEntries(nat64s.map((name) => [name, IDL.Nat64])))
    const value = { request_bytes: 200n, http_roundtrip_time_ms: 300n, raw_response_bytes: 2_000n }
    const rest = { transformed_response_bytes: 2_000n, transform_instructions: 1_000_000n }
    expect(costOf(IDL.encode([old], [{ ...value, ...rest }]))).toBe(69_433_156n)
  })
  test.each([
    ['nothing', new Uint8Array(0)],
    ['no Candid', Uint8Array.of(1, 2, 3, 4)],
    ['another record', IDL.encode([IDL.Record({ request_bytes: IDL.Nat64 })], [{ request_bytes: 1n }])],
  ])('%s is no question', (_name, params) => {
    const { error } = run(program().blob(params).sys('cost_http_request_v2', scratch))
    expect(error).toMatchObject({ errorCode: 'CanisterContractViolation' })
    expect(error?.message).toContain('Failed to decode HttpRequestV2CostParams from Candid: ')
  })
  test('reads and writes only the heap', () => {
    const source = run(program().sys('cost_http_request_v2', outside, 1, scratch)).error
    expect(source?.message).toContain(`ic0.cost_http_request_v2 heap: src=${outside} + length=1 exceeds the slice size=`)
    const destination = run(program().blob(outcallParams()).sys('cost_http_request_v2', outside)).error
    expect(destination?.message).toContain('ic0_cost_http_request_v2 failed because dst + size is out of bounds.')
  })
  test.each([
    [0, 0],
    [1, 2],
    [2, 1],
  ])('the price of a signature on ECDSA curve %s: %s', (curve, code) => {
    const { answer } = run(program().blob('key_1').int(curve).int(scratch).sys('cost_sign_with_ecdsa').replyInt())
    expect(answer?.kind === 'reply' ? answer.data[0] : undefined).toBe(code)
  })
  test('a subnet tells how many nodes it has', () => {
    const { answer } = run(program().sys('subnet_self_node_count').replyInt())
    expect(answer?.kind === 'reply' ? answer.data[0] : undefined).toBe(13)
  })
})
