import type { managementTypes } from '@tidemark/bindings'
import type { HookStatus } from '@tidemark/state'
import { argumentOf, namedCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { chunkHashes } from '../chunkStore/chunkStore.ts'
import { toOptional } from '../codec.ts'
import { sourceVariant } from '../information/canisterInfo.ts'
import { replyWith } from '../reply.ts'
import { globalVariant } from './globalValues.ts'
import { findOwnSnapshot, requireSnapshotsVisible } from './snapshotStore.ts'

/** Everything about a snapshot but its bytes. @see Interface specification, "IC method `read_canister_snapshot_metadata`" */
export function readSnapshotMetadata(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'read_canister_snapshot_metadata')
  const canister = namedCanister(call, arg.canister_id)
  requireSnapshotsVisible(canister, call)
  const snapshot = findOwnSnapshot(call.subnet, canister, arg.snapshot_id)
  return replyWith(
    'read_canister_snapshot_metadata',
    {
      source: sourceVariant(snapshot.source),
      taken_at_timestamp: snapshot.takenAtTimestampNanos,
      wasm_module_size: BigInt(snapshot.wasmModule.length),
      globals: snapshot.globals.map(globalVariant),
      wasm_memory_size: BigInt(snapshot.heap.sizeBytes),
      stable_memory_size: BigInt(snapshot.stableMemory.sizeBytes),
      wasm_chunk_store: chunkHashes(snapshot.chunkStore),
      canister_version: snapshot.canisterVersion,
      certified_data: snapshot.certifiedData,
      global_timer: toOptional(snapshot.globalTimer === undefined ? undefined : timerVariant(snapshot.globalTimer)),
      on_low_wasm_memory_hook_status: toOptional(snapshot.hookStatus && hookVariant(snapshot.hookStatus)),
    },
    { target: canister },
  )
}

function timerVariant(deadlineNanos: bigint): managementTypes.TimerState {
  return deadlineNanos === 0n ? { inactive: null } : { active: deadlineNanos }
}

function hookVariant(status: HookStatus): managementTypes.LowWasmMemoryHookStatus {
  switch (status) {
    case 'condition_not_satisfied':
      return { condition_not_satisfied: null }
    case 'ready':
      return { ready: null }
    case 'executed':
      return { executed: null }
  }
}
