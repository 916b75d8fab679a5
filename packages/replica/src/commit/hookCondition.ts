/**
 * The condition of the low-Wasm-memory hook and its three states.
 *
 * @see Interface specification, "On Low Wasm Memory".
 */
import type { CanisterState, HookRuns } from '@tidemark/state'

/** What an absent limit counts as, for 64-bit heaps too. */
const absentLimitBytes = 4_294_967_296n

/** Whether less than the threshold is left of the heap. Written without subtraction: the heap may exceed the limit. */
export function isLowOnWasmMemory(canister: CanisterState): boolean {
  const heapBytes = BigInt(canister.execution?.live.heapPages ?? 0) * 65_536n
  const limit = canister.settings.wasmMemoryLimit ?? absentLimitBytes
  return limit < heapBytes + canister.settings.wasmMemoryThreshold
}

/** Re-evaluates the condition; an executed hook is armed again only after the condition was seen to be false. */
export function evaluateHook(canister: CanisterState): void {
  if (!isLowOnWasmMemory(canister)) {
    if (canister.hookStatus === 'ready') endHook(canister.lowWasmMemoryRuns, 'skipped', 'the condition is over')
    canister.hookStatus = 'condition_not_satisfied'
  } else if (canister.hookStatus === 'condition_not_satisfied') canister.hookStatus = 'ready'
}

/** Notes how a crossing ended, for whoever looks: the protocol itself keeps only the three states. */
export function endHook(runs: HookRuns, how: 'ran' | 'trapped' | 'skipped', reason: string | undefined): void {
  runs.last = how
  runs.reason = reason
  runs.number = (runs.number ?? 0n) + 1n
  if (how !== 'skipped') runs.runs += 1n
}
