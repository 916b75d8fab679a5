import { IDL } from '@dfinity/candid'
import { type lowWasmMemoryHookTypes, monitorTypes } from '@tidemark/bindings'
import { createCodec } from './candid/codec.ts'
import { emptyStatus, type Status } from './emptyValues.ts'

/**
 * The fields of a `canister_status` reply that the monitor keeps. Fields that older networks lack are optional in the
 * types of the monitor's own interface, and others are ignored, so one decoder reads every network.
 */
const StatusReply = IDL.Record({
  status: monitorTypes.Status,
  cycles: IDL.Nat,
  reserved_cycles: IDL.Nat,
  idle_cycles_burned_per_day: IDL.Nat,
  memory_size: IDL.Nat,
  memory_metrics: monitorTypes.MemoryMetrics,
  settings: monitorTypes.Settings,
  module_hash: IDL.Opt(IDL.Vec(IDL.Nat8)),
})

const replies = createCodec(StatusReply, emptyStatus)

/** @throws {Error} when the bytes are no such reply */
export function decodeStatus(reply: Uint8Array): Status {
  const status = replies.decode(reply)
  if (!isStatus(status)) throw new Error('canister_status answered without a value.')
  return status
}

/** A sample: what the status said and, where the canister offers it, what it ran. */
export function toSample(
  status: Status,
  atNanos: bigint,
  order: readonly lowWasmMemoryHookTypes.Executed[] | undefined,
): monitorTypes.Sample {
  return { ...status, at_nanos: atNanos, executed_functions_order: order === undefined ? [] : [[...order]] }
}

function isStatus(value: unknown): value is Status {
  return typeof value === 'object' && value !== null
}
