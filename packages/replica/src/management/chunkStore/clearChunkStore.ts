import { chunkBytes } from '@tidemark/state'
import { argumentOf, namedCanister, requireControllerOrSelf } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { affordUsage } from '../memory.ts'
import { replyWith } from '../reply.ts'

/** Empties the chunk store. @see Interface specification, "IC method `clear_chunk_store`" */
export function clearChunkStore(call: ManagementCall): ManagementResult {
  const canister = namedCanister(call, argumentOf(call, 'clear_chunk_store').canister_id)
  requireControllerOrSelf(canister, call.caller)
  affordUsage(call.env, canister, BigInt(-canister.chunkStore.size * chunkBytes))
  canister.chunkStore = new Map()
  return replyWith('clear_chunk_store', undefined, { target: canister })
}
