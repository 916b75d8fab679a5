import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import { lowWasmMemoryHookTypes, managementTypes, monitorTypes } from '@tidemark/bindings'
import { describe, expect, test } from 'vitest'
import { describeFailure, isMissingMethod } from '../src/callFailure.ts'
import { decodeOrder } from '../src/orderReply.ts'
import { decodeStatus, toSample } from '../src/statusReply.ts'

const owner = Principal.fromUint8Array(Uint8Array.of(1, 1))
const status: managementTypes.CanisterStatusResult = {
  status: { running: null },
  ready_for_migration: false,
  version: 3n,
  module_hash: [Uint8Array.of(1, 2, 3)],
  memory_size: 2_000n,
  cycles: 3_000_000_000_000n,
  reserved_cycles: 1n,
  idle_cycles_burned_per_day: 24_269_759n,
  query_stats: { num_calls_total: 0n, num_instructions_total: 0n, request_payload_bytes_total: 0n, response_payload_bytes_total: 0n },
  memory_metrics: {
    wasm_memory_size: 1_441_792n,
    stable_memory_size: 0n,
    global_memory_size: 16n,
    wasm_binary_size: 883n,
    custom_sections_size: 150n,
    canister_history_size: 100n,
    wasm_chunk_store_size: 0n,
    snapshots_size: 0n,
    log_memory_store_size: 4_096n,
  },
  settings: {
    controllers: [owner],
    compute_allocation: 0n,
    memory_allocation: 0n,
    freezing_threshold: 2_592_000n,
    reserved_cycles_limit: 5_000_000_000_000n,
    minimum_incoming_canister_call_cycles: 0n,
    log_visibility: { controllers: null },
    log_memory_limit: 4_096n,
    snapshot_visibility: { public: null },
    status_visibility: { allowed_viewers: [owner] },
    wasm_memory_limit: 5_000_000n,
    wasm_memory_threshold: 3_000_000n,
    environment_variables: [{ name: 'A', value: 'b' }],
  },
}

describe('a canister_status reply', () => {
  test('of the newest network is kept with every field the monitor shows', () => {
    const decoded = decodeStatus(IDL.encode([managementTypes.CanisterStatusResult], [status]))
    expect(decoded).toMatchObject({ cycles: 3_000_000_000_000n, status: { running: null }, module_hash: [Uint8Array.of(1, 2, 3)] })
    expect(decoded.memory_metrics).toEqual({ ...status.memory_metrics, log_memory_store_size: [4_096n] })
    expect(decoded.settings).toMatchObject({
      wasm_memory_threshold: 3_000_000n,
      log_memory_limit: [4_096n],
      status_visibility: [{ allowed_viewers: [owner] }],
    })
  })

  test('of a network that lacks the newer fields reads them as absent', () => {
    const decoded = decodeStatus(IDL.encode([OlderStatus], [status]))
    expect(decoded.settings).toMatchObject({ log_memory_limit: [], status_visibility: [], environment_variables: [], controllers: [owner] })
    expect(decoded.memory_metrics.log_memory_store_size).toEqual([])
  })

  test('that is something else is an error', () => {
    expect(() => decodeStatus(IDL.encode([IDL.Text], ['no']))).toThrow()
  })
})

test('a sample is the status, its time and the order; without an order the field is null', () => {
  const decoded = decodeStatus(IDL.encode([managementTypes.CanisterStatusResult], [status]))
  expect(toSample(decoded, 5n, [{ Heartbeat: null }])).toEqual({
    ...decoded,
    at_nanos: 5n,
    executed_functions_order: [[{ Heartbeat: null }]],
  })
  expect(toSample(decoded, 5n, undefined).executed_functions_order).toEqual([])
  expect(() => IDL.encode([monitorTypes.Sample], [toSample(decoded, 5n, [])])).not.toThrow()
})

describe('the execution order', () => {
  const encode = (order: lowWasmMemoryHookTypes.Executed[]) => IDL.encode([IDL.Vec(lowWasmMemoryHookTypes.Executed)], [order])

  test('is read as the shared bindings describe it', () => {
    const order: lowWasmMemoryHookTypes.Executed[] = [{ Heartbeat: null }, { Heartbeat: null }, { OnLowWasmMemory: null }]
    expect(decodeOrder(encode(order))).toEqual(order)
  })

  test.each([
    ['of another type', IDL.encode([IDL.Nat], [1n])],
    ['with a case nobody knows', IDL.encode([IDL.Vec(IDL.Variant({ Surprise: IDL.Null }))], [[{ Surprise: null }]])],
    ['too large to read', encode(Array.from({ length: 9_000 }, () => ({ Heartbeat: null })))],
  ])('%s is an error', (_, reply) => {
    expect(() => decodeOrder(reply)).toThrow()
  })
})

describe('a failed call', () => {
  const rejected = (rejectCode: number, rejectMessage: string) => ({ type: 'CallRejected', rejectCode, rejectMessage })

  test.each([
    [rejected(5, 'IC0512: Only controllers can call this.'), 'Rejected with code 5: IC0512: Only controllers can call this.'],
    [{ type: 'CallPerformFailed' }, 'the queue of the monitor or its balance is exhausted'],
    [{ type: 'InsufficientLiquidCycleBalance', available: 1n, required: 2n }, 'has 1 cycles to spend, and the call needs 2'],
    [{ type: 'CleanupCallback', rejectCode: 10_001 }, 'Handling the reply failed'],
    [new Error('Cannot find required field'), 'Cannot find required field'],
    ['odd', 'odd'],
  ])('%# is described', (error, text) => {
    expect(describeFailure(error)).toContain(text)
  })

  test.each([
    ["Error from Canister aaaaa-aa: Canister has no update method 'get_executed_functions_order'..", true],
    ["Error from Canister aaaaa-aa: Canister has no query method 'get_executed_functions_order'.", true],
    ['Canister aaaaa-aa is stopped', false],
    ['Canister trapped: unreachable', false],
  ])('%s', (message, missing) => {
    expect(isMissingMethod(rejected(5, message))).toBe(missing)
  })
})

const OlderStatus = IDL.Record({
  status: managementTypes.CanisterStatus,
  module_hash: IDL.Opt(IDL.Vec(IDL.Nat8)),
  memory_size: IDL.Nat,
  cycles: IDL.Nat,
  reserved_cycles: IDL.Nat,
  idle_cycles_burned_per_day: IDL.Nat,
  memory_metrics: IDL.Record({
    wasm_memory_size: IDL.Nat,
    stable_memory_size: IDL.Nat,
    global_memory_size: IDL.Nat,
    wasm_binary_size: IDL.Nat,
    custom_sections_size: IDL.Nat,
    canister_history_size: IDL.Nat,
    wasm_chunk_store_size: IDL.Nat,
    snapshots_size: IDL.Nat,
  }),
  settings: IDL.Record({
    controllers: IDL.Vec(IDL.Principal),
    compute_allocation: IDL.Nat,
    memory_allocation: IDL.Nat,
    freezing_threshold: IDL.Nat,
    reserved_cycles_limit: IDL.Nat,
    log_visibility: managementTypes.Visibility,
    wasm_memory_limit: IDL.Nat,
    wasm_memory_threshold: IDL.Nat,
  }),
})
