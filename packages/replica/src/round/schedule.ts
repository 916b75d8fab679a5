/** Order in which canisters get their turn: by credit and compute allocation, then by id. */
import type { CanisterState } from '@tidemark/state'
import type { World } from '../world.ts'
import type { RoundTasks } from './runCanister.ts'

/** Canisters with something to do, the most entitled first. */
export function scheduleOrder(world: World, tasks: RoundTasks): CanisterState[] {
  const ready = new Map(world.activity.withWork().map((canister) => [canister.id.key, canister]))
  for (const { canister } of tasks.values()) ready.set(canister.id.key, canister)
  return [...ready.values()].sort(byEntitlement)
}

function byEntitlement(a: CanisterState, b: CanisterState): number {
  const difference = entitlement(b) - entitlement(a)
  return difference !== 0 ? difference : a.id.key < b.id.key ? -1 : 1
}

function entitlement(canister: CanisterState): number {
  return canister.accumulatedPriority + Number(canister.settings.computeAllocation)
}
