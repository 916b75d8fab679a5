/** Installs a module, in one message or, where that would be too long, chunk by chunk. */
import { createHash } from 'node:crypto'
import type { ActorSubclass, HttpAgent } from '@dfinity/agent'
import type { Principal } from '@dfinity/principal'
import type { ManagementService, managementTypes } from '@tidemark/bindings'
import { managementFor } from '../network/management.ts'
import type { PreparedModule } from './module.ts'

/** A message of 2 MiB is the most that an ingress message may be; this leaves room for its envelope. */
const longestMessageBytes = 1_850_000
const chunkBytes = 1024 * 1024

export type InstallVerb = 'install' | 'reinstall' | 'upgrade'

export interface Installation {
  readonly canisterId: Principal
  readonly verb: InstallVerb
  readonly module: PreparedModule
  readonly arg: Uint8Array
}

/** @throws RejectError when the network refuses the module or its initialisation fails */
export async function installCode(agent: HttpAgent, { canisterId, verb, module, arg }: Installation): Promise<void> {
  const management = managementFor(agent, canisterId)
  const mode = modeOf(verb, module)
  if (module.bytes.length + arg.length <= longestMessageBytes) {
    await management.install_code({ mode, canister_id: canisterId, wasm_module: module.bytes, arg, sender_canister_version: [] })
    return
  }
  await installChunked(management, { mode, canisterId, module, arg })
}

async function installChunked(
  management: ActorSubclass<ManagementService>,
  { mode, canisterId, module, arg }: Omit<Installation, 'verb'> & { mode: managementTypes.InstallMode },
): Promise<void> {
  await management.clear_chunk_store({ canister_id: canisterId })
  const hashes: managementTypes.ChunkHash[] = []
  for (let at = 0; at < module.bytes.length; at += chunkBytes) {
    const chunk = module.bytes.slice(at, at + chunkBytes)
    hashes.push(await management.upload_chunk({ canister_id: canisterId, chunk }))
  }
  await management.install_chunked_code({
    mode,
    target_canister: canisterId,
    store_canister: [],
    chunk_hashes_list: hashes,
    wasm_module_hash: new Uint8Array(createHash('sha256').update(module.bytes).digest()),
    arg,
    sender_canister_version: [],
  })
  await management.clear_chunk_store({ canister_id: canisterId })
}

function modeOf(verb: InstallVerb, module: PreparedModule): managementTypes.InstallMode {
  if (verb === 'install') return { install: null }
  if (verb === 'reinstall') return { reinstall: null }
  if (!module.keepsMemory) return { upgrade: [] }
  return { upgrade: [{ skip_pre_upgrade: [], wasm_memory_persistence: [{ keep: null }] }] }
}
