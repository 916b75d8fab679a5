import { sha256 } from '@noble/hashes/sha2.js'
import { toHex } from '@tidemark/types'
import { argumentOf, controlledCanister, namedCanister, requireControllerOrSelf } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { chunkStoreError, findChunk } from '../chunkStore/chunkStore.ts'
import { optional } from '../codec.ts'
import { managementLimits } from '../limits.ts'
import { installModule } from './installModule.ts'

/** Installs a module that lies in a chunk store. @see Interface specification, "IC method `install_chunked_code`" */
export function installChunkedCode(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'install_chunked_code')
  const target = controlledCanister(call, arg.target_canister)
  const storeId = optional(arg.store_canister)
  const store = storeId === undefined ? target : namedCanister(call, storeId)
  requireControllerOrSelf(store, call.caller)
  const { chunksPerStore } = managementLimits
  if (arg.chunk_hashes_list.length > chunksPerStore) {
    throw chunkStoreError(`the list has ${arg.chunk_hashes_list.length} chunks, more than the ${chunksPerStore} that a module can have`)
  }
  const module = concatenate(arg.chunk_hashes_list.map(({ hash }) => findChunk(store.chunkStore, hash)))
  const hash = sha256(module)
  if (toHex(hash) !== toHex(arg.wasm_module_hash)) {
    throw chunkStoreError(`Wasm module hash ${toHex(hash)} does not match given hash ${toHex(arg.wasm_module_hash)}`)
  }
  return installModule(call, target, { mode: arg.mode, module, arg: arg.arg, origin: arg })
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
