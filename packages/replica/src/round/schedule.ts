/**
 * Order in which canisters get their turn: by credit and compute allocation, then by id.
 *
 * Every round adds a canister's compute allocation to its credit; being first on a core costs a whole round, 100 percent.
 * What nobody has reserved is spread evenly, so that the credits of all who compete add up to zero.
 */
import type { CanisterState } from '@tidemark/state'
import type { World } from '../world.ts'
import type { RoundTasks } from './runCanister.ts'

/** Canisters with something to do, the most entitled first; those busy with a long execution are left out. */
export function scheduleOrder(world: World, tasks: RoundTasks): CanisterState[] {
  const ready = new Map(world.activity.withWork().map((canister) => [canister.id.key, canister]))
  for (const { canister } of tasks.values()) ready.set(canister.id.key, canister)
  return [...ready.values()].filter((canister) => canister.busyUntilRound < world.state.round).sort(byEntitlement)
}

function byEntitlement(a: CanisterState, b: CanisterState): number {
  const difference = entitlement(b) - entitlement(a)
  return difference !== 0 ? difference : a.id.key < b.id.key ? -1 : 1
}

function entitlement(canister: CanisterState): number {
  return canister.accumulatedPriority + Number(canister.settings.computeAllocation)
}

/** Percent of a core that a round on it costs. */
const fullRound = 100

/** Settles the credits of a round among the canisters that wanted to run; `first` were first on their cores. */
export function settlePriorities(competing: readonly CanisterState[], first: ReadonlySet<CanisterState>): void {
  if (competing.length === 0) return
  let sum = 0
  for (const canister of competing) {
    canister.accumulatedPriority += Number(canister.settings.computeAllocation) - (first.has(canister) ? fullRound : 0)
    sum += canister.accumulatedPriority
  }
  const share = sum / competing.length
  for (const canister of competing) canister.accumulatedPriority -= share
}
