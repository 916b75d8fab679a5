/** `canister_on_low_cycles(cyclesThreshold : nat)`: the balance is at or below the setting. */
import { IDL } from '@dfinity/candid'
import type { CanisterState, LifecycleHooks } from '@tidemark/state'
import { enqueueHook, skipHook } from './queue.ts'

const name = 'canister_on_low_cycles'

/** Balance above which the hook is armed again: a tenth above the threshold, so that small refunds do not repeat the warning. */
function rearmingBalance(threshold: bigint): bigint {
  return threshold + threshold / 10n
}

/** Due once for every crossing; a crossing that is over before the hook has run is skipped. */
export function evaluateLowCycles(canister: CanisterState, hooks: LifecycleHooks): void {
  const record = hooks.records[name]
  const threshold = canister.settings.lowCyclesThreshold ?? 0n
  if (threshold === 0n) {
    record.armed = true
    skipHook(hooks, name, 'no threshold is set')
  } else if (canister.balance > rearmingBalance(threshold)) {
    record.armed = true
    skipHook(hooks, name, 'the balance has risen above the threshold')
  } else if (record.armed && canister.balance <= threshold) {
    record.armed = false
    enqueueHook(hooks, name, new Uint8Array(IDL.encode([IDL.Nat], [threshold])))
  }
}
