import { sha256 } from '@noble/hashes/sha2.js'
import { instructionCharges } from '@tidemark/cycles'
import { toHex } from '@tidemark/types'
import { argumentOf, namedCanister, requireControllerOrSelf } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { affordChange, affordInstructions, payForChange } from '../change.ts'
import { managementLimits } from '../limits.ts'
import { requireChunkRate } from '../rateLimit.ts'
import { replyWith } from '../reply.ts'
import { chunkStoreError } from './chunkStore.ts'

/** Stores a piece of a module under its hash. @see Interface specification, "IC method `upload_chunk`" */
export function uploadChunk(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'upload_chunk')
  const canister = namedCanister(call, arg.canister_id)
  requireControllerOrSelf(canister, call.caller)
  const refuse = (text: string) => chunkStoreError(`Error charging for 'upload_chunk': ${text}`)
  affordInstructions(call, canister, instructionCharges.uploadChunk, refuse)
  const { chunkBytes, chunksPerStore } = managementLimits
  if (arg.chunk.length > chunkBytes) {
    throw chunkStoreError(`Wasm chunk size ${arg.chunk.length} exceeds the maximum chunk size of ${chunkBytes}`)
  }
  const hash = sha256(arg.chunk)
  const key = toHex(hash)
  const isNew = !canister.chunkStore.has(key)
  if (isNew && canister.chunkStore.size >= chunksPerStore) {
    throw chunkStoreError(
      `Wasm chunk store has already reached maximum capacity of ${chunksPerStore * chunkBytes} bytes or the maximum number of entries, ${chunksPerStore}`,
    )
  }
  requireChunkRate(call, canister)
  const change = affordChange(
    call,
    canister,
    { freedBytes: 0, addedBytes: isNew ? chunkBytes : 0, instructions: instructionCharges.uploadChunk },
    refuse,
  )
  payForChange(call, canister, change)
  if (isNew) canister.chunkStore.set(key, arg.chunk)
  return replyWith('upload_chunk', { hash }, { target: canister, changedBytes: isNew ? chunkBytes : 0 })
}
