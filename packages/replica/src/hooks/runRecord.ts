/** What is remembered of a hook that ran. */
import { type CanisterState, isLifecycleHookName } from '@tidemark/state'
import type { FinishedExecution } from '../commit/commitExecution.ts'
import { endHook } from '../commit/hookCondition.ts'

/** Writes down how a hook ended, if it was one that has run. */
export function noteHookRun(canister: CanisterState, { kind, executed, outcome }: FinishedExecution): void {
  const how = outcome.error === undefined ? 'ran' : 'trapped'
  if (kind === 'on_low_wasm_memory') endHook(canister.lowWasmMemoryRuns, how, outcome.error?.message)
  const { methodName, hookNumber } = executed
  if (hookNumber === undefined || canister.lifecycleHooks === undefined || !isLifecycleHookName(methodName)) return
  const record = canister.lifecycleHooks.records[methodName]
  record.last = how
  record.reason = outcome.error?.message
  record.number = hookNumber
  record.runs += 1n
}
