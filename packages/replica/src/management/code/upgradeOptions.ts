/** Options of an upgrade and what modules with enhanced orthogonal persistence ask of them. */
import type { managementTypes } from '@tidemark/bindings'
import type { CanisterModule, InstallMode } from '@tidemark/state'
import { createReject, type Reject } from '@tidemark/types'
import { optional } from '../codec.ts'

export interface InstallationMode {
  readonly mode: InstallMode
  readonly skipPreUpgrade: boolean
  /** Undefined when the caller leaves it open. */
  readonly memory: 'keep' | 'replace' | undefined
}

export function parseMode(mode: managementTypes.InstallMode): InstallationMode {
  if ('install' in mode) return { mode: 'install', skipPreUpgrade: false, memory: undefined }
  if ('reinstall' in mode) return { mode: 'reinstall', skipPreUpgrade: false, memory: undefined }
  const options = optional(mode.upgrade)
  const persistence = options && optional(options.wasm_memory_persistence)
  return {
    mode: 'upgrade',
    skipPreUpgrade: (options && optional(options.skip_pre_upgrade)) ?? false,
    memory: persistence && ('keep' in persistence ? 'keep' : 'replace'),
  }
}

/** A module with this private section keeps its heap over upgrades, and must not lose it by an oversight. */
const sectionName = 'enhanced-orthogonal-persistence'

/** The reject when nothing is said about a heap that would be lost. */
export function missingMemoryOption({ mode, memory }: InstallationMode, before: CanisterModule | undefined): Reject | undefined {
  if (mode !== 'upgrade' || memory !== undefined || before === undefined || !keepsHeap(before)) return undefined
  return createReject(
    'CanisterContractViolation',
    'Missing upgrade option: Enhanced orthogonal persistence requires the `wasm_memory_persistence` upgrade option.',
  )
}

/** The reject when the new module is to keep a heap that it cannot. */
export function invalidMemoryOption({ mode, memory }: InstallationMode, after: CanisterModule): Reject | undefined {
  if (mode !== 'upgrade' || memory !== 'keep' || keepsHeap(after)) return undefined
  return createReject(
    'CanisterContractViolation',
    'Invalid upgrade option: The `wasm_memory_persistence: opt Keep` upgrade option requires that the new canister module supports enhanced orthogonal persistence.',
  )
}

function keepsHeap(module: CanisterModule): boolean {
  return module.metadata.some(({ name, visibility }) => name === sectionName && visibility === 'private')
}
