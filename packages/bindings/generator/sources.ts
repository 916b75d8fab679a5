import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** One Candid interface that gets bindings. */
export interface Source {
  /** Name of the generated file and of the binding, in camel case. */
  readonly name: string
  /** Absolute path of the `.did` file. */
  readonly didPath: string
}

const root = join(import.meta.dirname, '..', '..', '..')
const canister = (name: string) => join(root, 'canisters', name, `${name}.did`)
const own = (name: string) => join(import.meta.dirname, '..', 'did', `${name}.did`)

const sources: readonly Source[] = [
  { name: 'lowWasmMemoryHook', didPath: canister('low_wasm_memory_hook') },
  { name: 'lifecycleHooksExample', didPath: canister('lifecycle_hooks') },
  { name: 'monitor', didPath: canister('monitor') },
  { name: 'assets', didPath: canister('assets') },
  { name: 'cyclesLedger', didPath: canister('cycles_ledger') },
  { name: 'cyclesMinting', didPath: canister('cycles_minting') },
  { name: 'icpLedger', didPath: canister('icp_ledger') },
  { name: 'registry', didPath: canister('registry') },
  { name: 'internetIdentity', didPath: canister('internet_identity') },
  { name: 'management', didPath: own('management') },
  { name: 'systemCalls', didPath: own('system_calls') },
  { name: 'lifecycleHooks', didPath: own('lifecycle_hooks') },
  { name: 'experimentalManagement', didPath: own('experimental_management') },
]

/**
 * The interfaces to generate from.
 *
 * @throws {Error} naming a `.did` file that is not there
 */
export function listSources(): readonly Source[] {
  for (const { didPath } of sources) if (!existsSync(didPath)) throw new Error(`There is no ${didPath}.`)
  return sources
}

/** Folder of the generated files. */
export const generatedFolder = join(import.meta.dirname, '..', 'src', 'generated')
