/** `canister_on_low_heap_memory(heapMemoryThreshold : nat)`: the heap is at or above the setting. */
import { IDL } from '@dfinity/candid'
import { type CanisterState, type LifecycleHooks, wasmPageBytes } from '@tidemark/state'
import { enqueueHook, skipHook } from './queue.ts'

const name = 'canister_on_low_heap_memory'

/** Due once for every crossing. A heap shrinks only when it is replaced, so no hysteresis is needed. */
export function evaluateLowHeapMemory(canister: CanisterState, hooks: LifecycleHooks): void {
  const record = hooks.records[name]
  const threshold = canister.settings.lowHeapMemoryThreshold ?? 0n
  const heapBytes = BigInt((canister.execution?.live.heapPages ?? 0) * wasmPageBytes)
  if (threshold === 0n) {
    record.armed = true
    skipHook(hooks, name, 'no threshold is set')
  } else if (heapBytes < threshold) {
    record.armed = true
    skipHook(hooks, name, 'the heap is below the threshold again')
  } else if (record.armed) {
    record.armed = false
    enqueueHook(hooks, name, new Uint8Array(IDL.encode([IDL.Nat], [threshold])))
  }
}
