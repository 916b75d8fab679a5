/**
 * The log of a canister: what it printed and why it trapped, oldest records dropped first.
 *
 * @see Interface specification, "Canister logs".
 */

/** One line of the log; `idx` is never used twice by a canister. */
export interface LogRecord {
  readonly idx: bigint
  readonly timestampNanos: bigint
  readonly content: Uint8Array
}

/** Bytes that a record counts for besides its content: index, time and length. */
export const logRecordOverheadBytes = 20
/** Least room that is kept for a log, unless there is none. */
const leastRoomBytes = 4_096
/** What is kept besides the room, to find things in it. */
const storeOverheadBytes = 8_192

/** Records in order. `nextIdx` goes on counting when old records have been dropped. */
export interface CanisterLog {
  records: LogRecord[]
  usedBytes: number
  nextIdx: bigint
  /** Bytes of memory that are kept for the log, whatever is in it; 0 on networks that do not count it. */
  storeBytes: number
}

/** Bytes of memory that a log of this capacity takes. */
export function logStoreBytes(capacityBytes: number): number {
  return capacityBytes === 0 ? 0 : Math.max(capacityBytes, leastRoomBytes) + storeOverheadBytes
}

/** A log without records. */
export function createCanisterLog(): CanisterLog {
  return { records: [], usedBytes: 0, nextIdx: 0n, storeBytes: 0 }
}

/** Appends a record, cut to what fits, dropping the oldest ones until it does. */
export function appendLog(log: CanisterLog, timestampNanos: bigint, content: Uint8Array, capacityBytes: number): void {
  const idx = log.nextIdx++
  if (capacityBytes <= logRecordOverheadBytes) return
  const kept = content.slice(0, capacityBytes - logRecordOverheadBytes)
  const size = kept.length + logRecordOverheadBytes
  let dropped = 0
  while (log.usedBytes + size > capacityBytes) {
    const oldest = log.records[dropped++]
    if (oldest === undefined) break
    log.usedBytes -= oldest.content.length + logRecordOverheadBytes
  }
  if (dropped > 0) log.records.splice(0, dropped)
  log.records.push({ idx, timestampNanos, content: kept })
  log.usedBytes += size
}

/** What one execution logged. */
export interface LoggedRecords {
  /** As many of the newest as the log can hold, in order. */
  readonly logs: readonly Uint8Array[]
  /** Older records, which only count. */
  readonly droppedLogs: number
}

/**
 * Appends what an execution logged. Records that were dropped would leave a gap in the numbers, so what is before it goes; a
 * log that is off does not even count.
 */
export function appendLogs(log: CanisterLog, timestampNanos: bigint, { logs, droppedLogs }: LoggedRecords, capacityBytes: number): void {
  if (capacityBytes === 0) return
  if (droppedLogs > 0) {
    purgeLog(log)
    log.nextIdx += BigInt(droppedLogs)
  }
  for (const content of logs) appendLog(log, timestampNanos, content, capacityBytes)
}

/** Drops what no longer fits after the capacity was lowered. */
export function trimLog(log: CanisterLog, capacityBytes: number): void {
  let dropped = 0
  while (log.usedBytes > capacityBytes) {
    const oldest = log.records[dropped++]
    if (oldest === undefined) break
    log.usedBytes -= oldest.content.length + logRecordOverheadBytes
  }
  if (dropped > 0) log.records.splice(0, dropped)
}

/** Empties the log; numbering goes on. */
export function purgeLog(log: CanisterLog): void {
  log.records = []
  log.usedBytes = 0
}
