/** `canister_on_unfreeze()`: a canister that was frozen can run again. */
import { prepaidExecution } from '@tidemark/cycles'
import type { CanisterState, LifecycleHooks } from '@tidemark/state'
import { freezingLimit, wasmModeOf } from '../commit/charge.ts'
import type { World } from '../world.ts'
import { noArgument } from './postInit.ts'
import { enqueueHook, skipHook } from './queue.ts'

const name = 'canister_on_unfreeze'

/**
 * Frozen is a balance below the freezing threshold; able to run again is a balance that also pays a message in advance.
 * What lies between belongs to the state before it.
 */
export function evaluateUnfreeze(world: World, canister: CanisterState, hooks: LifecycleHooks): void {
  const limit = freezingLimit(world, canister)
  if (canister.balance < limit) {
    hooks.frozen = true
    skipHook(hooks, name, 'the canister is frozen again')
    return
  }
  if (!hooks.frozen) return
  const prepayment = prepaidExecution(world.pricing, BigInt(world.env.limits.messageInstructions), wasmModeOf(canister))
  if (canister.balance < limit + prepayment) return
  hooks.frozen = false
  enqueueHook(hooks, name, noArgument)
}
