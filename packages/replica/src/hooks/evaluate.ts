/** The conditions of all hooks of a canister, judged whenever something about it changed. */
import { type CanisterState, type LifecycleHooks, lifecycleHookNames } from '@tidemark/state'
import type { World } from '../world.ts'
import { evaluateLowCycles } from './lowCycles.ts'
import { evaluateLowHeapMemory } from './lowHeapMemory.ts'
import { evaluateOutputQueue } from './outputQueueFull.ts'
import { hooksOf, skipHook } from './queue.ts'
import { evaluateUnfreeze } from './unfreeze.ts'

/** Makes hooks due and lets those lapse whose condition is over or whose code is gone. */
export function evaluateLifecycleHooks(world: World, canister: CanisterState, hooks: LifecycleHooks): void {
  const before = hooks.nextNumber
  const present = hooksOf(canister)
  for (const name of lifecycleHookNames) {
    if (present.has(name)) continue
    hooks.records[name].armed = true
    skipHook(hooks, name, canister.execution === undefined ? 'the canister has no code' : 'the code does not export it any more')
  }
  if (canister.execution === undefined) {
    hooks.gate = undefined
    hooks.openArguments.clear()
  }
  if (present.has('canister_on_low_cycles')) evaluateLowCycles(canister, hooks)
  if (present.has('canister_on_low_heap_memory')) evaluateLowHeapMemory(canister, hooks)
  if (present.has('canister_on_output_queue_full')) evaluateOutputQueue(canister, hooks)
  if (present.has('canister_on_unfreeze')) evaluateUnfreeze(world, canister, hooks)
  else hooks.frozen = false
  if (hooks.nextNumber !== before) world.stalled = false
}
