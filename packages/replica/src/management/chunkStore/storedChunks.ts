import { argumentOf, namedCanister, requireControllerOrSelf } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { replyWith } from '../reply.ts'
import { chunkHashes } from './chunkStore.ts'

/** Hashes of the stored chunks. @see Interface specification, "IC method `stored_chunks`" */
export function storedChunks(call: ManagementCall): ManagementResult {
  const canister = namedCanister(call, argumentOf(call, 'stored_chunks').canister_id)
  requireControllerOrSelf(canister, call.caller)
  return replyWith('stored_chunks', chunkHashes(canister.chunkStore), { target: canister })
}
