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

/** The reject when the option is missing, or asks for what the new module cannot do. */
export function checkMemoryOption(
  { mode, memory }: InstallationMode,
  before: CanisterModule | undefined,
  after: CanisterModule,
): Reject | undefined {
  if (mode !== 'upgrade') return undefined
  if (memory === undefined && before !== undefined && keepsHeap(before)) {
    return createReject(
      'CanisterContractViolation',
      'Missing upgrade option: Enhanced orthogonal persistence requires the `wasm_memory_persistence` upgrade option.',
    )
  }
  if (memory === 'keep' && !keepsHeap(after)) {
    return createReject(
      'CanisterContractViolation',
      'Invalid upgrade option: The `wasm_memory_persistence: opt Keep` upgrade option requires that the new canister module supports enhanced orthogonal persistence.',
    )
  }
  return undefined
}

function keepsHeap(module: CanisterModule): boolean {
  return module.metadata.some(({ name, visibility }) => name === sectionName && visibility === 'private')
}
