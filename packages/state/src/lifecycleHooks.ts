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
  'canister_on_output_queue_full',
  'canister_on_unfreeze',
] as const
export type LifecycleHookName = (typeof lifecycleHookNames)[number]

const names: ReadonlySet<unknown> = new Set(lifecycleHookNames)

/** Whether a method name is that of a lifecycle hook. */
export function isLifecycleHookName(name: unknown): name is LifecycleHookName {
  return names.has(name)
}

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

/** How the runs of a hook went so far. */
export interface HookRuns {
  last: HookRunState
  /** Why it was skipped, or the text of its trap. */
  reason: string | undefined
  /** Number of the last event that ended; undefined when none did, or when the event was not even queued. */
  number: bigint | undefined
  /** Runs so far, with those that trapped. */
  runs: bigint
}

/** What is remembered of one hook. */
export interface HookRecord extends HookRuns {
  /** Events that found the queue full. */
  dropped: bigint
  /** Whether the next crossing counts. */
  armed: boolean
}

/** Keeps everything but a post-init's own work waiting. */
export interface PostInitGate {
  /** Call context of the post-init; contexts opened since then belong to it. */
  readonly contextId: bigint
  /** Block time from which on nothing waits for it any more. */
  readonly untilNanos: bigint
}

/** All hooks of a canister. */
export interface LifecycleHooks {
  readonly records: Record<LifecycleHookName, HookRecord>
  /** In the order in which they became due. */
  pending: PendingHook[]
  nextNumber: bigint
  /** Present while a gated post-init waits for its calls. */
  gate: PostInitGate | undefined
  /** Arguments of open calls by their call context, for `canister_on_error`: what a failed callback is told with. */
  readonly openArguments: Map<bigint, Uint8Array>
  /** Whether the canister was seen frozen and has not been able to run since. */
  frozen: boolean
  /** Round of the last run of `canister_on_error`. */
  lastErrorRound: bigint
  /** Whether a message that waits goes before the next run of `canister_on_error`. */
  errorsYield: boolean
}

/** A hook that has never been due. */
export function createHookRuns(): HookRuns {
  return { last: 'idle', reason: undefined, number: undefined, runs: 0n }
}

/** Hooks of a canister that has had none so far: all armed. */
export function createLifecycleHooks(): LifecycleHooks {
  const record = (): HookRecord => ({ ...createHookRuns(), dropped: 0n, armed: true })
  return {
    records: {
      canister_post_init: record(),
      canister_on_error: record(),
      canister_on_low_cycles: record(),
      canister_on_low_heap_memory: record(),
      canister_on_output_queue_full: record(),
      canister_on_unfreeze: record(),
    },
    pending: [],
    nextNumber: 1n,
    gate: undefined,
    openArguments: new Map(),
    frozen: false,
    lastErrorRound: 0n,
    errorsYield: false,
  }
}
