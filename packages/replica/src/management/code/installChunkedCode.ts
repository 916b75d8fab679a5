import { RejectError } from '@tidemark/types'
import { argumentOf, controlledCanister, namedCanister, requireControllerOrSelf } from '../access.ts'
import { chunkStoreError } from '../chunkStore/chunkStore.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { optional } from '../codec.ts'
import { managementLimits } from '../limits.ts'
import { installModule } from './installModule.ts'
import { chunkedModule } from './moduleSource.ts'

/** Installs a module that lies in a chunk store. @see Interface specification, "IC method `install_chunked_code`" */
export function installChunkedCode(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'install_chunked_code')
  const target = controlledCanister(call, arg.target_canister)
  const storeId = optional(arg.store_canister)
  const store = storeId === undefined ? target : namedCanister(call, storeId)
  requireControllerOrSelf(store, call.caller)
  if (arg.wasm_module_hash.length !== 32) {
    throw new RejectError('CanisterContractViolation', `Invalid wasm hash [${[...arg.wasm_module_hash].join(', ')}]`)
  }
  const { chunksPerStore } = managementLimits
  if (arg.chunk_hashes_list.length > chunksPerStore) {
    throw chunkStoreError(`the list has ${arg.chunk_hashes_list.length} chunks, more than the ${chunksPerStore} that a module can have`)
  }
  const hashes = arg.chunk_hashes_list.map(({ hash }) => hash)
  const source = chunkedModule(store.chunkStore, hashes, arg.wasm_module_hash)
  return installModule(call, target, { mode: arg.mode, source, arg: arg.arg, origin: arg })
}
