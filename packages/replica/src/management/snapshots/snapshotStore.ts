/** Finding, numbering and measuring snapshots. @see Interface specification, "Canister snapshots" */
import { type CanisterSnapshot, type CanisterState, chunkBytes, globalValueBytes, isVisibleTo, type SubnetState } from '@tidemark/state'
import { Principal, RejectError, toHex } from '@tidemark/types'
import type { ManagementCall } from '../call.ts'
import { managementLimits } from '../limits.ts'
import { counterBytes, printSnapshotId } from './snapshotId.ts'

/** The id that the next snapshot of a canister gets. */
export function nextSnapshotId(canister: CanisterState): Uint8Array {
  const id = new Uint8Array(counterBytes + canister.id.bytes.length)
  new DataView(id.buffer).setBigUint64(0, canister.nextSnapshot)
  id.set(canister.id.bytes, counterBytes)
  return id
}

/** A snapshot of whichever canister. @throws RejectError CanisterSnapshotNotFound */
export function findSnapshot(
  subnet: SubnetState,
  canister: CanisterState,
  id: Uint8Array,
): { owner: CanisterState; snapshot: CanisterSnapshot } {
  const owner = ownerOf(subnet, id)
  const key = toHex(id)
  const snapshot = owner?.snapshots.find((candidate) => toHex(candidate.id) === key)
  if (owner === undefined || snapshot === undefined) {
    const text = `Could not find the snapshot ID ${printSnapshotId(id)} for canister ${canister.id.toText()}.`
    throw new RejectError('CanisterSnapshotNotFound', text)
  }
  return { owner, snapshot }
}

/** A snapshot of this canister. @throws RejectError CanisterSnapshotNotFound, CanisterRejectedMessage when it is another's */
export function findOwnSnapshot(subnet: SubnetState, canister: CanisterState, id: Uint8Array): CanisterSnapshot {
  const { owner, snapshot } = findSnapshot(subnet, canister, id)
  if (owner !== canister) {
    const text = `The snapshot ${printSnapshotId(id)} does not belong to canister ${canister.id.toText()}.`
    throw new RejectError('CanisterRejectedMessage', text)
  }
  return snapshot
}

/** The snapshot that a new one takes the place of, if one was named. @throws RejectError also when there are too many */
export function replacedSnapshot(call: ManagementCall, canister: CanisterState, id: Uint8Array | undefined): CanisterSnapshot | undefined {
  if (id !== undefined) return findOwnSnapshot(call.subnet, canister, id)
  const max = managementLimits.snapshotsPerCanister
  if (canister.snapshots.length < max) return undefined
  throw new RejectError(
    'CanisterRejectedMessage',
    `Canister ${canister.id.toText()} has reached the maximum number of snapshots allowed: ${max}.`,
  )
}

/** Adds a snapshot in the place of another. */
export function storeSnapshot(canister: CanisterState, snapshot: CanisterSnapshot, replaced: CanisterSnapshot | undefined): void {
  canister.snapshots = [...canister.snapshots.filter((kept) => kept !== replaced), snapshot]
  canister.nextSnapshot += 1n
}

/** Bytes that a snapshot counts for. A taken one has the global, too, that the network counts instructions in. */
export function snapshotBytes(parts: Omit<CanisterSnapshot, 'sizeBytes' | 'id' | 'canisterId'>): number {
  const { source, heap, stableMemory, globals, wasmModule, certifiedData, chunkStore } = parts
  const globalCount = globals.length + (source === 'taken_from_canister' ? 1 : 0)
  return (
    heap.sizeBytes +
    stableMemory.sizeBytes +
    globalCount * globalValueBytes +
    wasmModule.length +
    certifiedData.length +
    chunkStore.size * chunkBytes
  )
}

/** @throws RejectError CanisterRejectedMessage unless the caller may see snapshots */
export function requireSnapshotsVisible(canister: CanisterState, { caller, methodName }: ManagementCall): void {
  if (isVisibleTo(canister.settings, canister.settings.snapshotVisibility, caller)) return
  throw new RejectError('CanisterRejectedMessage', `Caller ${caller.toText()} is not allowed to call ic00 method ${methodName}`)
}

/** The network does not say which of the three it was. */
export function invalidSlice(offset: bigint, size: bigint): RejectError {
  const text = `Invalid subslice into wasm module / main memory / stable memory: offset: ${offset}, size: ${size}`
  return new RejectError('InvalidManagementPayload', text)
}

export function snapshottingFailed(text: string): RejectError {
  return new RejectError('CanisterOutOfCycles', `Canister snapshotting failed with: \`${text}\``)
}

function ownerOf(subnet: SubnetState, id: Uint8Array): CanisterState | undefined {
  return subnet.canister(Principal.fromBytes(id.subarray(counterBytes)))
}
