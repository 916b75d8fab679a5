import { sha256 } from '@noble/hashes/sha2.js'
import { instructionCharges } from '@tidemark/cycles'
import type { managementTypes } from '@tidemark/bindings'
import type { CanisterState } from '@tidemark/state'
import { toHex } from '@tidemark/types'
import { argumentOf, namedCanister, requireControllerOrSelf } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { chargeFirst } from '../change.ts'
import { managementLimits } from '../limits.ts'
import { reserve, affordUsage } from '../memory.ts'
import { requireHeapDeltaRate } from '../rateLimit.ts'
import { replyWith } from '../reply.ts'
import { chunkStoreError } from './chunkStore.ts'

/** Stores a piece of a module under its hash. What is refused has been paid for, too. @see Interface specification, "IC method `upload_chunk`" */
export function uploadChunk(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'upload_chunk')
  const canister = namedCanister(call, arg.canister_id)
  requireControllerOrSelf(canister, call.caller)
  const refuse = (text: string) => chunkStoreError(`Error charging for 'upload_chunk': ${text}`)
  return chargeFirst(call, canister, instructionCharges.uploadChunk, refuse, () => store(call, canister, arg))
}

function store(call: ManagementCall, canister: CanisterState, { chunk }: managementTypes.UploadChunkArgs): ManagementResult {
  const { chunkBytes, chunksPerStore } = managementLimits
  if (chunk.length > chunkBytes) {
    throw chunkStoreError(`Wasm chunk size ${chunk.length} exceeds the maximum chunk size of ${chunkBytes}`)
  }
  const hash = sha256(chunk)
  const key = toHex(hash)
  if (canister.chunkStore.has(key)) return replyWith('upload_chunk', { hash }, { target: canister })
  if (canister.chunkStore.size >= chunksPerStore) {
    throw chunkStoreError(
      `Wasm chunk store has already reached maximum capacity of ${chunksPerStore * chunkBytes} bytes or the maximum number of entries, ${chunksPerStore}`,
    )
  }
  requireHeapDeltaRate(call, canister)
  reserve(canister, affordUsage(call.env, canister, BigInt(chunkBytes)))
  canister.chunkStore.set(key, chunk)
  return replyWith('upload_chunk', { hash }, { target: canister, changedBytes: chunkBytes })
}
