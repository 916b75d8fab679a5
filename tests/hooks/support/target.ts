/** What the tests of the hooks need of a network, so that one file runs on several. */
import type { lifecycleHooksExampleTypes as example, monitorTypes } from '@tidemark/bindings'

/** The same canister, twice. */
export type Language = 'motoko' | 'typescript'

/** Thresholds of the hooks; a condition that holds when they are set counts as a crossing. */
export interface Thresholds {
  readonly cycles?: bigint
  readonly heapMemory?: bigint
}

/** How the example is put onto a network. */
export interface Deployment {
  /** A gated post-init with this limit; without it a plain one. */
  readonly gateSeconds?: number
  /** Resolves as soon as the code is there, not once post-init has had its turn. */
  readonly early?: boolean
}

/** A network, and how hooks come about on it. */
export interface HookTarget {
  /** Whether the network itself calls the hooks, at once; otherwise the library and the monitor do. */
  readonly hasNativeHooks: boolean
  /** Puts the example onto the network; resolves when post-init has had its turn. */
  deploy(language: Language, deployment?: Deployment): Promise<ExampleCanister>
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
  stop(): Promise<void>
  start(): Promise<void>
  /** Takes a snapshot of the canister and loads it. */
  reload(): Promise<void>
  /** Sets limit and threshold of the hook of the protocol, in bytes. */
  limitHeap(limit: bigint, threshold: bigint): Promise<void>
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
