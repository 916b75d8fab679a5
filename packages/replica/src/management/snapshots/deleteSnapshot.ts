import { argumentOf, controlledCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { affordUsage } from '../memory.ts'
import { replyWith } from '../reply.ts'
import { findOwnSnapshot } from './snapshotStore.ts'

/** @see Interface specification, "IC method `delete_canister_snapshot`" */
export function deleteSnapshot(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'delete_canister_snapshot')
  const canister = controlledCanister(call, arg.canister_id)
  const doomed = findOwnSnapshot(call.subnet, canister, arg.snapshot_id)
  affordUsage(call.env, canister, BigInt(-doomed.sizeBytes))
  canister.snapshots = canister.snapshots.filter((snapshot) => snapshot !== doomed)
  return replyWith('delete_canister_snapshot', undefined, { target: canister })
}
