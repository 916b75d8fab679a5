/**
 * One round: expire, answer what earlier rounds left, then iterate over management calls, canisters and routing until nothing is left or
 * the round's instructions are used up; then charge, stop and prune.
 *
 * @see Interface specification, "Abstract behavior"; order of the reference scheduler.
 */
import type { CanisterState } from '@tidemark/state'
import type { World } from '../world.ts'
import { chargeResources } from './chargeResources.ts'
import { answerEarlierCalls, drainManagement, finishStoppingCanisters } from './management.ts'
import { expireCalls } from './expireCalls.ts'
import { expireIngress, pruneIngressHistory } from './ingressHistory.ts'
import { routeMessages } from './route.ts'
import { type RoundTasks, planTasks, runCanister } from './runCanister.ts'
import { scheduleOrder, settlePriorities } from './schedule.ts'
import { applyQueryStats } from './queryStats.ts'

/** Threads that execute canisters; each has the round's instructions to itself. */
const cores = 4
/** Instructions that the scheduler counts for each execution besides its own. */
const executionOverhead = 2_000_000

/** Executes one round at the given block time. */
export function executeRound(world: World, timeNanos: bigint): void {
  const { state, env } = world
  state.timeNanos = timeNanos > state.timeNanos ? timeNanos : state.timeNanos + 1n
  state.round += 1n
  expireIngress(world)
  expireCalls(world)
  answerEarlierCalls(world)
  // The last message of a core may overrun by one slice.
  const budget = env.limits.roundInstructions - Math.max(env.limits.sliceInstructions, env.limits.installSliceInstructions) + 1
  const left = Array.from({ length: cores }, () => budget)
  const first = new Set<CanisterState>()
  const competing = new Set<CanisterState>()
  let tasks: RoundTasks | undefined
  world.stalled = true
  for (;;) {
    const managed = drainManagement(world)
    tasks ??= planTasks(world)
    const executed = runIteration(world, tasks, left, first, competing)
    const routed = routeMessages(world)
    if (!managed && !executed && !routed) break
    world.stalled = false
    if (left.every((instructions) => instructions <= 0)) break
  }
  settlePriorities([...competing], first)
  finishStoppingCanisters(world)
  chargeResources(world)
  pruneIngressHistory(world)
  applyQueryStats(world)
}

/** Gives every canister with work its turn on one of the cores. @returns whether anything ran */
function runIteration(world: World, tasks: RoundTasks, left: number[], first: Set<CanisterState>, competing: Set<CanisterState>): boolean {
  let executed = false
  const slice = world.env.limits.sliceInstructions
  scheduleOrder(world, tasks).forEach((canister, position) => {
    const core = position % cores
    competing.add(canister)
    while ((left[core] as number) > 0 && canister.busyUntilRound < world.state.round) {
      const used = runCanister(world, canister, tasks)
      if (used === undefined) break
      if (position < cores) first.add(canister)
      executed = true
      // A long execution goes on for as many rounds as it has slices; meanwhile it takes no more of this one.
      canister.busyUntilRound = used > slice ? world.state.round + BigInt(Math.ceil(used / slice)) - 1n : 0n
      left[core] = (left[core] as number) - Math.min(used, slice) - executionOverhead
    }
  })
  return executed
}
