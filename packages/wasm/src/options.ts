import type { ModuleFacts } from './facts.ts'

/**
 * What touching memory costs.
 *
 * - `none`: nothing, and no record is kept for charging.
 * - `dirty-4k-after`: nothing while running; the host asks for `changed_pages` afterwards. Loads run unchecked.
 * - `touch-64k`: the first touch of a 64 KiB page costs `read`, the first write to it another `write`
 *   (only with `chargeWrites`, and never in query mode).
 */
export type PageCharges =
  | 'none'
  | 'dirty-4k-after'
  | { readonly kind: 'touch-64k'; readonly read: number; readonly write: number; readonly chargeWrites: boolean }

/** How one imported function is charged and how its values travel to the host. */
export interface ImportAdapter {
  /** Instructions taken off before the host runs. Default 0. */
  readonly fixedCost?: number
  /** Instructions per byte of the size parameters. Default 0. */
  readonly perByteCost?: number
  /** Which parameters hold a byte length; several are added up. */
  readonly sizeParam?: number | readonly number[]
  /** Per parameter: passed on unchanged, or as an unsigned integer in an f64. Default `same` for all. */
  readonly hostParams?: readonly ('same' | 'f64')[]
  /** The host's result: unchanged, or an f64 holding an unsigned integer. Default `same`. */
  readonly hostResult?: 'same' | 'f64'
}

export interface InstrumentOptions {
  /** Weight per opcode name; overrides entries of the built-in table. */
  readonly weights?: Readonly<Record<string, number>>
  /** Weights that replace the above when the memory is 64-bit; default: loads and stores cost 2. */
  readonly weights64?: Readonly<Record<string, number>>
  /** Cost of entering a function. Default 1. */
  readonly functionEntryCost?: number
  /** Default: `touch-64k`, 80_000 for each. */
  readonly pageCharges?: PageCharges
  /** Whether `rollback` undoes what happened since `begin`. Default true. */
  readonly rollback?: boolean
  /** By `module.name`; imports without an entry are called as they are, free of charge. */
  readonly imports?: Readonly<Record<string, ImportAdapter>>
  /** Instructions of one bulk operation or imported function above which the host is asked. Default: it never is. */
  readonly operationLimit?: number
  /** Bytes of stack, by the model in the README, that a call chain may use. Default 360_000. */
  readonly stackBudget?: number
  /**
   * Whether the output tells the engine which branches are slow paths (custom section of the branch hinting proposal; Node 24
   * reads it with `--experimental-wasm-branch-hinting`). Costs six percent in size. Default false.
   */
  readonly branchHints?: boolean
  /** Whether dropped data and element segments come back at `begin` (`message`) or stay dropped (`instance`, the default). */
  readonly segmentDrops?: 'instance' | 'message'
}

/** Facts of the module as given, and what its instrumented form promises. */
export interface InstrumentedFacts extends ModuleFacts {
  /** Whether loads beyond the logical size trap although the memory is physically larger (after a rolled back growth). */
  readonly loadsChecked: boolean
  /** Whether the output imports memory 1 (`dirty_map`) and memory 2 (`undo_log`). */
  readonly usesRollbackMemories: boolean
  /**
   * Export names of hidden i32 globals that belong to the instance's state beside its own globals
   * (flags of dropped segments). Save and restore them with the globals.
   */
  readonly stateGlobals: readonly string[]
}

/** A module that is ready to run under a host, and what is known of it. */
export interface Instrumented {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly facts: InstrumentedFacts
}
