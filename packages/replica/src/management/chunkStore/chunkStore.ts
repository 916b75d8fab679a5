/** What the methods of the chunk store share. @see Interface specification, "Wasm chunk store" */
import { fromHex, RejectError } from '@tidemark/types'
import type { managementTypes } from '@tidemark/bindings'

/** An error as the chunk store words it. */
export function chunkStoreError(text: string): RejectError {
  return new RejectError('CanisterContractViolation', `Error from Wasm chunk store: ${text}.`)
}

/** Hashes of all chunks in the order of their bytes. */
export function chunkHashes(chunks: ReadonlyMap<string, Uint8Array>): managementTypes.ChunkHash[] {
  return [...chunks.keys()].sort().map((key) => ({ hash: fromHex(key) }))
}
