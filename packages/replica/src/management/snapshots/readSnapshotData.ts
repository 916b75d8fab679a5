import { snapshotDataInstructions } from '@tidemark/cycles'
import type { managementTypes } from '@tidemark/bindings'
import type { CanisterSnapshot } from '@tidemark/state'
import { RejectError, toHex } from '@tidemark/types'
import { argumentOf, namedCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { affordChange, payForChange } from '../change.ts'
import { managementLimits } from '../limits.ts'
import { replyWith } from '../reply.ts'
import { findOwnSnapshot, invalidSlice, requireSnapshotsVisible, snapshottingFailed } from './snapshotStore.ts'

/** A slice of a snapshot's bytes. @see Interface specification, "IC method `read_canister_snapshot_data`" */
export function readSnapshotData(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'read_canister_snapshot_data')
  const canister = namedCanister(call, arg.canister_id)
  requireSnapshotsVisible(canister, call)
  const snapshot = findOwnSnapshot(call.subnet, canister, arg.snapshot_id)
  const read = sliceOf(snapshot, arg.kind)
  const change = affordChange(
    call,
    canister,
    { freedBytes: 0, addedBytes: 0, instructions: snapshotDataInstructions(BigInt(read.length)) },
    snapshottingFailed,
  )
  payForChange(call, canister, change)
  return replyWith('read_canister_snapshot_data', { chunk: read.bytes() }, { target: canister })
}

/** Bytes that are known to be there, not yet copied. */
interface Slice {
  readonly length: number
  bytes(): Uint8Array
}

function sliceOf(snapshot: CanisterSnapshot, kind: managementTypes.ReadSnapshotDataArgs['kind']): Slice {
  if ('wasm_chunk' in kind) return chunkOf(snapshot, kind.wasm_chunk.hash)
  if ('wasm_module' in kind) {
    const { offset, length } = checkRange(kind.wasm_module, snapshot.wasmModule.length)
    return { length, bytes: () => snapshot.wasmModule.slice(offset, offset + length) }
  }
  const [memory, range] =
    'wasm_memory' in kind ? ([snapshot.heap, kind.wasm_memory] as const) : ([snapshot.stableMemory, kind.stable_memory] as const)
  const { offset, length } = checkRange(range, memory.sizeBytes)
  return {
    length,
    bytes: () => {
      const bytes = new Uint8Array(length)
      memory.read(offset, bytes)
      return bytes
    },
  }
}

function chunkOf(snapshot: CanisterSnapshot, hash: Uint8Array): Slice {
  if (hash.length !== 32) throw invalid(`Bytes ${toHex(hash)} are not a valid WasmChunkHash.`)
  const chunk = snapshot.chunkStore.get(toHex(hash))
  if (chunk === undefined) throw invalid(`WasmChunkHash ${toHex(hash)} not found.`)
  return { length: chunk.length, bytes: () => chunk }
}

function checkRange({ offset, size }: managementTypes.MemoryRange, available: number): { offset: number; length: number } {
  const max = managementLimits.snapshotSliceBytes
  if (size > max) throw invalid(`Requested slice too large: ${size} > ${max}`)
  if (offset + size > BigInt(available)) throw invalidSlice(offset, size)
  return { offset: Number(offset), length: Number(size) }
}

function invalid(text: string): RejectError {
  return new RejectError('InvalidManagementPayload', text)
}
