/** The hooks of a canister, for whoever looks from outside. */
import {
  type CanisterState,
  type HookRunState,
  type HookRuns,
  type HookStatus,
  type LifecycleHookName,
  lifecycleHookNames,
} from '@tidemark/state'
import { hasHook } from './queue.ts'

/** The protocol's own hook and the experimental ones. */
export type HookName = 'canister_on_low_wasm_memory' | LifecycleHookName

/** What is known of one hook. */
export interface HookState {
  readonly name: HookName
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
  /** The protocol's state of `canister_on_low_wasm_memory`. */
  readonly condition?: HookStatus
  /** Block time until which `canister_post_init` keeps everything else waiting for its calls, while it does. */
  readonly gatedUntilNanos?: bigint
}

/** Hooks that the code exports or that have a history, in the order in which they run. */
export function hookStatesOf(canister: CanisterState): HookState[] {
  return [...lowWasmMemoryState(canister), ...experimentalStates(canister)]
}

function lowWasmMemoryState({ execution, hookStatus, lowWasmMemoryRuns }: CanisterState): HookState[] {
  const name = 'canister_on_low_wasm_memory'
  const exported = execution?.module.exportedFunctions.has(name) === true
  if (!exported && lowWasmMemoryRuns.last === 'idle') return []
  const next = hookStatus === 'ready' ? (lowWasmMemoryRuns.number ?? 0n) + 1n : undefined
  return [{ name, ...progress(lowWasmMemoryRuns, next), pending: next === undefined ? 0 : 1, dropped: 0n, condition: hookStatus }]
}

function experimentalStates(canister: CanisterState): HookState[] {
  const hooks = canister.lifecycleHooks
  if (hooks === undefined) return []
  return lifecycleHookNames.flatMap((name) => {
    const waiting = hooks.pending.filter((event) => event.name === name)
    const record = hooks.records[name]
    if (record.last === 'idle' && waiting.length === 0 && !hasHook(canister, name)) return []
    const gate = name === 'canister_post_init' && hooks.gate !== undefined ? { gatedUntilNanos: hooks.gate.untilNanos } : {}
    return [{ name, ...progress(record, waiting[0]?.number), pending: waiting.length, dropped: record.dropped, ...gate }]
  })
}

/** @param next - number of the event that waits, if one does */
function progress({ last, reason, number, runs }: HookRuns, next: bigint | undefined) {
  return next === undefined ? { state: last, reason, number, runs } : { state: 'pending' as const, reason: undefined, number: next, runs }
}
