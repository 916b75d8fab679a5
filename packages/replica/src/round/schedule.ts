/**
 * Who runs on which core, in which order.
 *
 * Canisters in the middle of a long execution have cores of their own, so that neither kind holds up the other. The rest is
 * ordered by credit and compute allocation, then by id: see `priorities.ts`.
 */
import type { CanisterState } from '@tidemark/state'
import type { World } from '../world.ts'
import { percent } from './priorities.ts'
import type { RoundProgress } from './roundProgress.ts'
import type { RoundTasks } from './runCanister.ts'

/** Threads that execute canisters. */
export const cores = 4

/** Canisters in their order on each core that has any, for one iteration of a round. */
export function schedule(world: World, tasks: RoundTasks, progress: RoundProgress): CanisterState[][] {
  const { long, fresh } = candidates(world, tasks, progress)
  long.sort(byProgress)
  fresh.sort(byEntitlement)
  const allocated = long.reduce((sum, canister) => sum + Number(canister.settings.computeAllocation), 0)
  const longCores = long.length === 0 ? 0 : Math.max(1, Math.ceil(allocated / 100))
  const plan: CanisterState[][] = Array.from({ length: cores }, () => [])
  long.forEach((canister, position) => plan[position % longCores]?.push(canister))
  fresh.forEach((canister, position) => plan[longCores + (position % (cores - longCores))]?.push(canister))
  return plan.filter((canisters) => canisters.length > 0)
}

function candidates(world: World, tasks: RoundTasks, progress: RoundProgress): { long: CanisterState[]; fresh: CanisterState[] } {
  const ready = new Map(world.activity.withWork().map((canister) => [canister.id.key, canister]))
  for (const { canister } of tasks.values()) ready.set(canister.id.key, canister)
  for (const canister of world.activity.withLongExecution()) ready.set(canister.id.key, canister)
  const long: CanisterState[] = []
  const fresh: CanisterState[] = []
  for (const canister of ready.values()) {
    const kind = canister.longExecution?.result.kind
    // A long installation goes on at the start of the round, and nothing else runs meanwhile.
    if (kind === 'install') continue
    if (world.rateLimits && canister.heapDeltaDebit >= world.env.limits.canisterHeapDeltaBytes) {
      progress.heldBack.add(canister)
      continue
    }
    progress.scheduled.add(canister)
    if (kind === 'message') long.push(canister)
    // What ended a long execution in this round competes with the others from the next one on.
    else if (!progress.continued.has(canister)) fresh.push(canister)
  }
  return { long, fresh }
}

/** Long executions that are furthest come first: what is begun shall be ended. */
export function byProgress(a: CanisterState, b: CanisterState): number {
  const [one, other] = [a.longExecution, b.longExecution]
  if (one === undefined || other === undefined) return 0
  return (
    other.slicesDone - one.slicesDone ||
    b.accumulatedPriority - a.accumulatedPriority ||
    Number(one.startedRound - other.startedRound) ||
    byId(a, b)
  )
}

function byEntitlement(a: CanisterState, b: CanisterState): number {
  return entitlement(b) - entitlement(a) || byId(a, b)
}

function entitlement(canister: CanisterState): number {
  return canister.accumulatedPriority + Number(canister.settings.computeAllocation) * percent
}

function byId(a: CanisterState, b: CanisterState): number {
  return a.id.key < b.id.key ? -1 : 1
}
