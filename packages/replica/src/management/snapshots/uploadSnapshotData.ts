import { sha256 } from '@noble/hashes/sha2.js'
import { snapshotDataInstructions, wasmChunkBytes } from '@tidemark/cycles'
import type { managementTypes } from '@tidemark/bindings'
import type { CanisterSnapshot, PagedMemory } from '@tidemark/state'
import { RejectError, toHex } from '@tidemark/types'
import { argumentOf, controlledCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { chargeFirst } from '../change.ts'
import { chunkStoreError } from '../chunkStore/chunkStore.ts'
import { managementLimits } from '../limits.ts'
import { affordUsage, reserve } from '../memory.ts'
import { requireHeapDeltaRate } from '../rateLimit.ts'
import { replyWith } from '../reply.ts'
import { findOwnSnapshot, invalidSlice, snapshottingFailed } from './snapshotStore.ts'

/** Fills a part of an uploaded snapshot. @see Interface specification, "IC method `upload_canister_snapshot_data`" */
export function uploadSnapshotData(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'upload_canister_snapshot_data')
  const canister = controlledCanister(call, arg.canister_id)
  const snapshot = findOwnSnapshot(call.subnet, canister, arg.snapshot_id)
  if (snapshot.source !== 'metadata_upload') {
    throw new RejectError('CanisterSnapshotImmutable', 'Only canister snapshots created by metadata upload can be mutated.')
  }
  requireHeapDeltaRate(call, canister)
  const isChunk = 'wasm_chunk' in arg.kind
  const bytes = isChunk ? wasmChunkBytes : BigInt(arg.chunk.length)
  return chargeFirst(call, canister, snapshotDataInstructions(bytes), snapshottingFailed, () => {
    const upload = judgeUpload(snapshot, arg.kind, arg.chunk)
    if (upload.addedBytes > 0) reserve(canister, affordUsage(call.env, canister, BigInt(upload.addedBytes)))
    upload.write()
    snapshot.sizeBytes += upload.addedBytes
    return replyWith('upload_canister_snapshot_data', undefined, {
      target: canister,
      changedBytes: isChunk ? upload.addedBytes : Number(bytes),
    })
  })
}

/** A write that is known to fit. */
interface Upload {
  readonly addedBytes: number
  write(): void
}

function judgeUpload(snapshot: CanisterSnapshot, kind: managementTypes.UploadSnapshotDataArgs['kind'], chunk: Uint8Array): Upload {
  if ('wasm_chunk' in kind) return judgeChunk(snapshot, chunk)
  if ('wasm_module' in kind) {
    const at = checkRange(kind.wasm_module.offset, chunk.length, snapshot.wasmModule.length)
    return { addedBytes: 0, write: () => void (snapshot.wasmModule = withChunk(snapshot.wasmModule, at, chunk)) }
  }
  const [memory, { offset }] =
    'wasm_memory' in kind ? ([snapshot.heap, kind.wasm_memory] as const) : ([snapshot.stableMemory, kind.stable_memory] as const)
  const at = checkRange(offset, chunk.length, memory.sizeBytes)
  return { addedBytes: 0, write: () => writeAside(memory, at, chunk) }
}

/** A copy: whoever has loaded the snapshot, or captured the network, shares the old bytes. */
function withChunk(bytes: Uint8Array, at: number, chunk: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  copy.set(chunk, at)
  return copy
}

/** Writes to copies of the pages: a canister that has loaded the snapshot shares the old ones. */
function writeAside(memory: PagedMemory, offset: number, bytes: Uint8Array): void {
  memory.begin()
  memory.write(offset, bytes)
  memory.commit()
}

function judgeChunk(snapshot: CanisterSnapshot, chunk: Uint8Array): Upload {
  const { chunkBytes, chunksPerStore } = managementLimits
  if (chunk.length > chunkBytes) throw chunkStoreError(`Wasm chunk size ${chunk.length} exceeds the maximum chunk size of ${chunkBytes}`)
  const key = toHex(sha256(chunk))
  if (snapshot.chunkStore.has(key)) return { addedBytes: 0, write: () => undefined }
  if (snapshot.chunkStore.size >= chunksPerStore) {
    throw chunkStoreError(
      `Wasm chunk store has already reached maximum capacity of ${chunksPerStore * chunkBytes} bytes or the maximum number of entries, ${chunksPerStore}`,
    )
  }
  return { addedBytes: chunkBytes, write: () => void snapshot.chunkStore.set(key, chunk) }
}

function checkRange(offset: bigint, size: number, available: number): number {
  if (offset + BigInt(size) > BigInt(available)) throw invalidSlice(offset, BigInt(size))
  return Number(offset)
}
