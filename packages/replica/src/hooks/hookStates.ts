/** The hooks of a canister, for whoever looks from outside. */
import { type CanisterState, type HookRunState, type LifecycleHookName, lifecycleHookNames } from '@tidemark/state'
import { hasHook } from './queue.ts'

/** What is known of one hook. */
export interface HookState {
  readonly name: LifecycleHookName
  /** `pending` as long as an event waits; otherwise how the last one ended. */
  readonly state: HookRunState | 'pending'
  /** Why the last event was skipped, or the text of its trap; undefined while one is pending. */
  readonly reason: string | undefined
  /** Idempotency number of the next event when one is pending, otherwise of the last one. */
  readonly number: bigint | undefined
  /** Events that wait. */
  readonly pending: number
  /** Runs so far, with those that trapped. */
  readonly runs: bigint
  /** Events that found the queue full and were lost. */
  readonly dropped: bigint
}

/** Hooks that the code exports or that have a history, in the order in which they run. */
export function hookStatesOf(canister: CanisterState): HookState[] {
  const hooks = canister.lifecycleHooks
  if (hooks === undefined) return []
  return lifecycleHookNames.flatMap((name) => {
    const waiting = hooks.pending.filter((event) => event.name === name)
    const next = waiting[0]
    const { last, reason, number, runs, dropped } = hooks.records[name]
    if (last === 'idle' && next === undefined && !hasHook(canister, name)) return []
    return [
      {
        name,
        state: next === undefined ? last : 'pending',
        reason: next === undefined ? reason : undefined,
        number: next === undefined ? number : next.number,
        pending: waiting.length,
        runs,
        dropped,
      },
    ]
  })
}
