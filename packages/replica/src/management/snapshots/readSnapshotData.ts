import { snapshotDataInstructions, wasmChunkBytes } from '@tidemark/cycles'
import type { managementTypes } from '@tidemark/bindings'
import type { CanisterSnapshot } from '@tidemark/state'
import { RejectError, toHex } from '@tidemark/types'
import { argumentOf, namedCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { chargeFirst } from '../change.ts'
import { chunkStoreError } from '../chunkStore/chunkStore.ts'
import { managementLimits } from '../limits.ts'
import { replyWith } from '../reply.ts'
import { findOwnSnapshot, invalidSlice, requireSnapshotsVisible, snapshottingFailed } from './snapshotStore.ts'

/** A slice of a snapshot's bytes. @see Interface specification, "IC method `read_canister_snapshot_data`" */
export function readSnapshotData(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'read_canister_snapshot_data')
  const canister = namedCanister(call, arg.canister_id)
  requireSnapshotsVisible(canister, call)
  const snapshot = findOwnSnapshot(call.subnet, canister, arg.snapshot_id)
  const instructions = snapshotDataInstructions(answerBytes(arg.kind))
  return chargeFirst(call, canister, instructions, snapshottingFailed, () =>
    replyWith('read_canister_snapshot_data', { chunk: sliceOf(snapshot, arg.kind) }, { target: canister }),
  )
}

/** Bytes that are paid for: those that are asked for; a chunk counts as the longest there can be. */
function answerBytes(kind: managementTypes.ReadSnapshotDataArgs['kind']): bigint {
  if ('wasm_chunk' in kind) return wasmChunkBytes
  const { size } = 'wasm_module' in kind ? kind.wasm_module : 'wasm_memory' in kind ? kind.wasm_memory : kind.stable_memory
  const max = managementLimits.snapshotSliceBytes
  if (size > max) throw new RejectError('InvalidManagementPayload', `Requested slice too large: ${size} > ${max}`)
  return size
}

function sliceOf(snapshot: CanisterSnapshot, kind: managementTypes.ReadSnapshotDataArgs['kind']): Uint8Array {
  if ('wasm_chunk' in kind) return chunkOf(snapshot, kind.wasm_chunk.hash)
  if ('wasm_module' in kind) {
    const { offset, length } = checkRange(kind.wasm_module, snapshot.wasmModule.length)
    return snapshot.wasmModule.slice(offset, offset + length)
  }
  const [memory, range] =
    'wasm_memory' in kind ? ([snapshot.heap, kind.wasm_memory] as const) : ([snapshot.stableMemory, kind.stable_memory] as const)
  const { offset, length } = checkRange(range, memory.sizeBytes)
  const bytes = new Uint8Array(length)
  memory.read(offset, bytes)
  return bytes
}

function chunkOf(snapshot: CanisterSnapshot, hash: Uint8Array): Uint8Array {
  if (hash.length !== 32) throw chunkStoreError(`Bytes ${printBytes(hash)} are not a valid WasmChunkHash.`)
  const chunk = snapshot.chunkStore.get(toHex(hash))
  if (chunk === undefined) throw chunkStoreError(`WasmChunkHash ${printBytes(hash)} not found.`)
  return chunk
}

/** As the network prints bytes here: two hexadecimal digits each, in a list. */
function printBytes(bytes: Uint8Array): string {
  return `[${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(', ')}]`
}

function checkRange({ offset, size }: managementTypes.MemoryRange, available: number): { offset: number; length: number } {
  if (offset + size > BigInt(available)) throw invalidSlice(offset, size)
  return { offset: Number(offset), length: Number(size) }
}
