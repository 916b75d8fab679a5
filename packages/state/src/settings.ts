/**
 * Settings of a canister.
 *
 * @see Interface specification, "IC method `update_settings`".
 */
import type { Principal } from '@tidemark/types'

/** Who may see something of a canister besides its controllers. */
export type Visibility =
  | { readonly kind: 'controllers' }
  | { readonly kind: 'public' }
  | { readonly kind: 'allowed_viewers'; readonly viewers: readonly Principal[] }

/** A name and a value that canister code can read. */
export interface EnvironmentVariable {
  readonly name: string
  readonly value: string
}

/** All settings, none optional but the heap limit, whose absence means something of its own, and the experimental ones. */
export interface CanisterSettings {
  /** At most ten, sorted by bytes, without duplicates. */
  readonly controllers: readonly Principal[]
  /** Percent of one core, 0 to 100. */
  readonly computeAllocation: bigint
  /** Bytes guaranteed; 0 for none. */
  readonly memoryAllocation: bigint
  /** Seconds. */
  readonly freezingThreshold: bigint
  /** Cycles. */
  readonly reservedCyclesLimit: bigint
  /** Cycles that a call from another canister must bring. */
  readonly minimumIncomingCanisterCallCycles: bigint
  /** Bytes; 0 is no limit; undefined was never set, and the hook's condition then uses 4 GiB. */
  readonly wasmMemoryLimit: bigint | undefined
  /** Bytes of free heap under which the low-Wasm-memory hook is due. */
  readonly wasmMemoryThreshold: bigint
  /** Bytes that the log may hold. */
  readonly logMemoryLimit: bigint
  readonly logVisibility: Visibility
  readonly snapshotVisibility: Visibility
  readonly statusVisibility: Visibility
  /** Sorted by the bytes of the name. */
  readonly environmentVariables: readonly EnvironmentVariable[]
  /** Cycles at or below which `canister_on_low_cycles` is due; 0 or absent is never. Experimental. */
  readonly lowCyclesThreshold?: bigint
  /** Bytes of heap at or above which `canister_on_low_heap_memory` is due; 0 or absent is never. Experimental. */
  readonly lowHeapMemoryThreshold?: bigint
  /** Seconds that `canister_post_init` may keep everything else waiting for its calls; 0 or absent is not at all. Experimental. */
  readonly postInitGateSeconds?: bigint
}

/** Settings of a canister that was created without any. */
export function defaultSettings(controllers: readonly Principal[]): CanisterSettings {
  return {
    controllers,
    computeAllocation: 0n,
    memoryAllocation: 0n,
    freezingThreshold: 2_592_000n,
    reservedCyclesLimit: 5_000_000_000_000n,
    minimumIncomingCanisterCallCycles: 0n,
    wasmMemoryLimit: undefined,
    wasmMemoryThreshold: 0n,
    logMemoryLimit: 4096n,
    logVisibility: { kind: 'controllers' },
    snapshotVisibility: { kind: 'controllers' },
    statusVisibility: { kind: 'controllers' },
    environmentVariables: [],
  }
}

/** Whether the principal is one of the controllers. */
export function isController(settings: CanisterSettings, principal: Principal): boolean {
  return settings.controllers.some((controller) => controller.key === principal.key)
}

/** Whether the principal may see what the visibility guards; controllers always may. */
export function isVisibleTo(settings: CanisterSettings, visibility: Visibility, principal: Principal): boolean {
  if (isController(settings, principal)) return true
  if (visibility.kind === 'public') return true
  return visibility.kind === 'allowed_viewers' && visibility.viewers.some((viewer) => viewer.key === principal.key)
}
