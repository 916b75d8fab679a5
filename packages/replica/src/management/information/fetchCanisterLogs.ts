import type { managementTypes } from '@tidemark/bindings'
import { fetchLogsFee, maxFetchLogsFee } from '@tidemark/cycles'
import { type CanisterState, isVisibleTo, type LogRecord } from '@tidemark/state'
import { type Principal, RejectError } from '@tidemark/types'
import { argumentOf, namedCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { encodeReply, optional } from '../codec.ts'
import { managementLimits } from '../limits.ts'
import { notEnoughCycles } from '../paidCall.ts'
import { replyWith } from '../reply.ts'

type Filter = managementTypes.LogFilter | undefined

/** Fetching by a canister came with the prices of 2026; before, logs could only be read by query. */
export function fetchCanisterLogs(call: ManagementCall): ManagementResult {
  if (call.env.pricing.profile === '2025') {
    throw new RejectError('CanisterRejectedMessage', 'fetch_canister_logs API is only accessible to end users in non-replicated mode')
  }
  const arg = argumentOf(call, 'fetch_canister_logs')
  const canister = namedCanister(call, arg.canister_id)
  requireLogsVisible(canister, call.caller)
  const required = maxFetchLogsFee(call.env.pricing)
  if (call.cycles < required) throw notEnoughCycles('fetch_canister_logs', call.cycles, required)
  const reply = logsReply(canister, optional(arg.filter))
  const fee = fetchLogsFee(call.env.pricing, encodeReply('fetch_canister_logs', reply).length)
  const kept = fee < required ? fee : required
  call.subnet.burnedCycles += kept
  return replyWith('fetch_canister_logs', reply, { target: canister, cyclesKept: kept })
}

/** @throws RejectError CanisterRejectedMessage */
export function requireLogsVisible(canister: CanisterState, caller: Principal): void {
  if (isVisibleTo(canister.settings, canister.settings.logVisibility, caller)) return
  throw new RejectError('CanisterRejectedMessage', `Caller ${caller.toText()} is not allowed to access canister logs`)
}

/** The records that a filter lets through, in order. When they do not all fit: the first with a filter, the last without. */
export function logsReply(canister: CanisterState, filter: Filter): managementTypes.FetchLogsResult {
  const chosen = canister.log.records.filter((record) => passes(record, filter))
  const fitting = filter === undefined ? firstThatFit(chosen.toReversed()).toReversed() : firstThatFit(chosen)
  return { canister_log_records: fitting.map(({ idx, timestampNanos, content }) => ({ idx, timestamp_nanos: timestampNanos, content })) }
}

/** What reading the records of an answer takes. */
export function logsInstructions({ canister_log_records }: managementTypes.FetchLogsResult): number {
  return 24_000_000 + 900 * canister_log_records.length
}

function firstThatFit(records: readonly LogRecord[]): readonly LogRecord[] {
  let bytes = 0
  const end = records.findIndex(({ content }) => (bytes += content.length + recordBytes) > managementLimits.logReplyBytes)
  return end < 0 ? records : records.slice(0, end)
}

/** Bytes that a record counts for in an answer besides its content, as in the memory of the network. */
const recordBytes = 40

function passes(record: LogRecord, filter: Filter): boolean {
  if (filter === undefined) return true
  if ('by_idx' in filter) return record.idx >= filter.by_idx.start && record.idx < filter.by_idx.end
  const { start, end } = filter.by_timestamp_nanos
  return record.timestampNanos >= start && record.timestampNanos < end
}
