/** What snapshot ids look like: a counter of eight bytes, big-endian, and the id of the canister that was the first to own it. */
import { Principal, RejectError } from '@tidemark/types'

/** Bytes of the counter that a snapshot id begins with; the rest is the canister's id. */
export const counterBytes = 8
const maxBytes = counterBytes + 29

/** A snapshot id as errors print it: the canister and the counter. */
export function printSnapshotId(id: Uint8Array): string {
  const counter = new DataView(id.buffer, id.byteOffset).getBigUint64(0)
  return `${Principal.fromBytes(id.subarray(counterBytes)).toText()}-${counter}`
}

/** Checks the snapshot ids in a decoded argument. @throws RejectError InvalidManagementPayload where one cannot be an id */
export function checkSnapshotIds(argument: unknown): void {
  if (typeof argument !== 'object' || argument === null) return
  if ('snapshot_id' in argument && argument.snapshot_id instanceof Uint8Array) checkLength(argument.snapshot_id)
  if (!('replace_snapshot' in argument) || !Array.isArray(argument.replace_snapshot)) return
  for (const id of argument.replace_snapshot) if (id instanceof Uint8Array) checkLength(id)
}

function checkLength({ length }: Uint8Array): void {
  if (length >= counterBytes && length <= maxBytes) return
  // The spelling, and the length that a short one is held against, are the network's.
  const bound = length < counterBytes ? 'minumum' : 'maximum'
  throw new RejectError(
    'InvalidManagementPayload',
    `Error decoding candid: Deserialize error: Invalid length of SnapshotId: Invalid snapshot ID length: provided ${length}, ${bound} length expected ${maxBytes}.`,
  )
}
