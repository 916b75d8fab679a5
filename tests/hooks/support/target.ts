/** What the tests of the hooks need of a network, so that one file runs on several. */
import type { lifecycleHooksExampleTypes as example, monitorTypes } from '@tidemark/bindings'

/** The same canister, twice. */
export type Language = 'motoko' | 'typescript'

/** Thresholds of the hooks; a condition that holds when they are set counts as a crossing. */
export interface Thresholds {
  readonly cycles?: bigint
  readonly heapMemory?: bigint
}

/** A network, and how hooks come about on it. */
export interface HookTarget {
  /** Puts the example onto the network; resolves when post-init has had its turn. */
  deploy(language: Language): Promise<ExampleCanister>
}

/** The example canister, called by one of its controllers. */
export interface ExampleCanister {
  /** Calls a method. Rejects with an `Error` that has the text of the reject. */
  call(method: string, ...args: unknown[]): Promise<unknown>
  /** All runs so far. */
  runs(): Promise<example.Run[]>
  errors(): Promise<example.CapturedError[]>
  /** Has the conditions judged from now on, natively or by the monitor. */
  watch(thresholds: Thresholds): Promise<void>
  /** Waits until whatever is due has run. */
  settle(): Promise<void>
  upgrade(): Promise<void>
  topUp(cycles: bigint): Promise<void>
  /** Sets the freezing threshold. */
  freezeBelow(seconds: bigint): Promise<void>
  balance(): Promise<bigint>
  /** What the monitor has sent; undefined where there is none. */
  deliveries(): Promise<monitorTypes.HookDelivery[] | undefined>
}

/** The hooks that ran or trapped, by name, oldest first. */
export function names(runs: readonly example.Run[]): string[] {
  return runs.filter(({ outcome }) => !('skipped' in outcome)).map(({ hook }) => hook.replace('canister_', ''))
}
