/**
 * One round: expire, answer randomness, then iterate over management calls, canisters and routing until nothing is left or
 * the round's instructions are used up; then charge, stop and prune.
 *
 * @see Interface specification, "Abstract behavior"; order of the reference scheduler.
 */
import type { World } from '../world.ts'
import { chargeResources } from './chargeResources.ts'
import { answerEarlierRandomness, drainManagement, finishStoppingCanisters } from './management.ts'
import { expireIngress, pruneIngressHistory } from './ingressHistory.ts'
import { routeMessages } from './route.ts'
import { type RoundTasks, planTasks, runCanister } from './runCanister.ts'
import { scheduleOrder } from './schedule.ts'
import { applyQueryStats } from './queryStats.ts'

/** Threads that execute canisters; each has the round's instructions to itself. */
const cores = 4
/** Instructions that the scheduler counts for each execution and for each canister it prepares. */
const executionOverhead = 2_000_000

/** Executes one round at the given block time. */
export function executeRound(world: World, timeNanos: bigint): void {
  const { state, env } = world
  state.timeNanos = timeNanos > state.timeNanos ? timeNanos : state.timeNanos + 1n
  state.round += 1n
  expireIngress(world)
  answerEarlierRandomness(world)
  // The last message of a core may overrun by one slice.
  const budget = env.limits.roundInstructions - env.limits.sliceInstructions + 1
  const left = new Array<number>(cores).fill(budget)
  let tasks: RoundTasks | undefined
  world.stalled = true
  for (;;) {
    const managed = drainManagement(world)
    tasks ??= planTasks(world)
    const executed = runIteration(world, tasks, left)
    const routed = routeMessages(world)
    if (!managed && !executed && !routed) break
    world.stalled = false
    if (left.every((instructions) => instructions <= 0)) break
  }
  finishStoppingCanisters(world)
  chargeResources(world)
  pruneIngressHistory(world)
  applyQueryStats(world)
}

/** Gives every canister with work its turn on one of the cores. @returns whether anything ran */
function runIteration(world: World, tasks: RoundTasks, left: number[]): boolean {
  let executed = false
  scheduleOrder(world, tasks).forEach((canister, position) => {
    const core = position % cores
    while ((left[core] as number) > 0) {
      const used = runCanister(world, canister, tasks)
      if (used === undefined) break
      executed = true
      left[core] = (left[core] as number) - used - executionOverhead
    }
  })
  return executed
}
