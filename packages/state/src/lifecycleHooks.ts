/**
 * The proposed lifecycle hooks of one canister, as data: what is due, what became of it, and what arms it again.
 *
 * No part of the protocol: the state is there only in a replica whose experimental hooks are switched on.
 */

/** Update methods by which a canister opts in, in the order in which they run when several are due. */
export const lifecycleHookNames = [
  'canister_post_init',
  'canister_on_error',
  'canister_on_low_cycles',
  'canister_on_low_heap_memory',
  'canister_on_unfreeze',
] as const
export type LifecycleHookName = (typeof lifecycleHookNames)[number]

/** A hook that is due. */
export interface PendingHook {
  readonly name: LifecycleHookName
  /** Idempotency number: counts up from 1 over all hooks of the canister and is never used again. */
  readonly number: bigint
  /** Candid. */
  readonly arg: Uint8Array
}

/** What became of the last event of a hook; `idle` before the first. */
export type HookRunState = 'idle' | 'ran' | 'trapped' | 'skipped'

/** What is remembered of one hook. */
export interface HookRecord {
  last: HookRunState
  /** Why it was skipped, or the text of its trap. */
  reason: string | undefined
  /** Number of the last event that ended; undefined when none did, or when the event was not even queued. */
  number: bigint | undefined
  /** Runs so far, with those that trapped. */
  runs: bigint
  /** Events that found the queue full. */
  dropped: bigint
  /** Whether the next crossing counts. */
  armed: boolean
}

/** All hooks of a canister. */
export interface LifecycleHooks {
  readonly records: Record<LifecycleHookName, HookRecord>
  /** In the order in which they became due. */
  pending: PendingHook[]
  nextNumber: bigint
  /** Whether the canister was seen frozen and has not been able to run since. */
  frozen: boolean
  /** Round of the last run of `canister_on_error`. */
  lastErrorRound: bigint
  /** Whether a message that waits goes before the next run of `canister_on_error`. */
  errorsYield: boolean
}

/** Hooks of a canister that has had none so far: all armed. */
export function createLifecycleHooks(): LifecycleHooks {
  const record = (): HookRecord => ({ last: 'idle', reason: undefined, number: undefined, runs: 0n, dropped: 0n, armed: true })
  return {
    records: {
      canister_post_init: record(),
      canister_on_error: record(),
      canister_on_low_cycles: record(),
      canister_on_low_heap_memory: record(),
      canister_on_unfreeze: record(),
    },
    pending: [],
    nextNumber: 1n,
    frozen: false,
    lastErrorRound: 0n,
    errorsYield: false,
  }
}
