import { snapshotInstructions } from '@tidemark/cycles'
import { type CanisterSnapshot, type CanisterState, memoryMetrics, PagedMemory } from '@tidemark/state'
import { RejectError } from '@tidemark/types'
import { argumentOf, controlledCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { dropCode } from '../lifecycle/uninstall.ts'
import { affordChange, payForChange } from '../change.ts'
import { optional } from '../codec.ts'
import { addHistory } from '../history.ts'
import { codeBytes } from '../memory.ts'
import { requireHeapDeltaRate } from '../rateLimit.ts'
import { replyWith } from '../reply.ts'
import { nextSnapshotId, replacedSnapshot, snapshotBytes, snapshottingFailed, storeSnapshot } from './snapshotStore.ts'

/** Keeps a copy of code and memory, then perhaps uninstalls the code. @see Interface specification, "IC method `take_canister_snapshot`" */
export function takeSnapshot(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'take_canister_snapshot')
  const canister = controlledCanister(call, arg.canister_id)
  const replaced = replacedSnapshot(call, canister, optional(arg.replace_snapshot))
  requireHeapDeltaRate(call, canister)
  const uninstalls = optional(arg.uninstall_code) === true
  const sizeBytes = bytesToBe(canister)
  const change = affordChange(
    call,
    canister,
    {
      freedBytes: (replaced?.sizeBytes ?? 0) + (uninstalls ? codeBytes(canister) : 0),
      addedBytes: sizeBytes,
      instructions: snapshotInstructions(BigInt(sizeBytes)),
    },
    snapshottingFailed,
  )
  const snapshot = copyOf(canister, call.env.timeNanos)
  payForChange(call, canister, change)
  storeSnapshot(canister, snapshot, replaced)
  const answers = uninstalls ? dropCode(canister) : []
  if (uninstalls) {
    canister.version += 1n
    addHistory(call, canister, arg, { kind: 'code_uninstall' })
  }
  const { id, takenAtTimestampNanos } = snapshot
  return replyWith(
    'take_canister_snapshot',
    { id, taken_at_timestamp: takenAtTimestampNanos, total_size: BigInt(snapshot.sizeBytes) },
    { target: canister, answers, changedBytes: snapshot.sizeBytes },
  )
}

/** Size of the copy, without making it. */
function bytesToBe(canister: CanisterState): number {
  const { wasmMemorySize, stableMemorySize, globalMemorySize, wasmBinarySize, wasmChunkStoreSize } = memoryMetrics(canister)
  return wasmMemorySize + stableMemorySize + globalMemorySize + wasmBinarySize + wasmChunkStoreSize + canister.certifiedData.length
}

/** @throws RejectError CanisterRejectedMessage when there is nothing to copy */
function copyOf(canister: CanisterState, takenAtTimestampNanos: bigint): CanisterSnapshot {
  if (canister.execution === undefined) {
    throw new RejectError('CanisterRejectedMessage', `Failed to create snapshot for empty canister ${canister.id.toText()}:`)
  }
  const { module, live } = canister.execution
  const parts = {
    source: 'taken_from_canister',
    takenAtTimestampNanos,
    canisterVersion: canister.version,
    wasmModule: module.bytes,
    globals: live.exportGlobals(),
    heap: live.exportHeap(),
    stableMemory: new PagedMemory(canister.stableMemory),
    certifiedData: canister.certifiedData,
    chunkStore: new Map(canister.chunkStore),
    globalTimer: canister.globalTimerNanos,
    hookStatus: canister.hookStatus,
  } as const
  return { ...parts, id: nextSnapshotId(canister), canisterId: canister.id, sizeBytes: snapshotBytes(parts) }
}
