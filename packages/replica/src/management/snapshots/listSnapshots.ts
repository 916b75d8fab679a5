import { argumentOf, namedCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { replyWith } from '../reply.ts'
import { requireSnapshotsVisible } from './snapshotStore.ts'

/** All snapshots of a canister, the oldest first. @see Interface specification, "IC method `list_canister_snapshots`" */
export function listSnapshots(call: ManagementCall): ManagementResult {
  const canister = namedCanister(call, argumentOf(call, 'list_canister_snapshots').canister_id)
  requireSnapshotsVisible(canister, call)
  const snapshots = canister.snapshots.map(({ id, takenAtTimestampNanos, sizeBytes }) => ({
    id,
    taken_at_timestamp: takenAtTimestampNanos,
    total_size: BigInt(sizeBytes),
  }))
  return replyWith('list_canister_snapshots', snapshots, { target: canister })
}
