/**
 * One round: expire, answer what earlier rounds left, then iterate over management calls, canisters and routing until nothing is left or
 * the round's instructions are used up; then charge, stop and prune.
 *
 * @see Interface specification, "Abstract behavior"; order of the reference scheduler.
 */
import type { CanisterState } from '@tidemark/state'
import type { World } from '../world.ts'
import { chargeResources } from './chargeResources.ts'
import { answerEarlierCalls, continueInstall, drainManagement, finishStoppingCanisters } from './management.ts'
import { continueMessage } from './continueMessage.ts'
import { expireCalls } from './expireCalls.ts'
import { checkpoint, heapDeltaLeft, workOffDebits } from './heapDelta.ts'
import { expireIngress, pruneIngressHistory } from './ingressHistory.ts'
import { settlePriorities } from './priorities.ts'
import { applyQueryStats } from './queryStats.ts'
import { type RoundProgress, startProgress } from './roundProgress.ts'
import { routeMessages } from './route.ts'
import { type RoundTasks, planTasks, runCanister } from './runCanister.ts'
import { schedule } from './schedule.ts'
import { shedMessages } from './shedMessages.ts'
import { suspendTooMany } from './suspend.ts'

/** Instructions that the scheduler counts besides those of canisters: for an execution, for a canister that ran, for one that exists. */
const overhead = { execution: 2_000_000, canister: 8_000_000, finalization: 12_000 }

const dayNanos = 86_400_000_000_000n
/** Days that are looked back on, besides today. */
const daysKept = 59

/** How often the size of all canisters is looked at for the subnet's metrics. */
const stateSizeRounds = 10n

/** Executes one round at the given block time. */
export function executeRound(world: World, timeNanos: bigint): void {
  const { state } = world
  const now = timeNanos > state.timeNanos ? timeNanos : state.timeNanos + 1n
  if (now >= world.nextDayNanos) beginDay(world, now)
  state.timeNanos = now
  state.round += 1n
  expireIngress(world)
  expireCalls(world)
  const progress = startProgress(firstInstructions(world))
  if (heapDeltaLeft(world) > 0) runIterations(world, progress)
  // What waits for a checkpoint, or for its debit to be worked off, goes on without anything from outside.
  else world.stalled = false
  if (progress.heldBack.size > 0) world.stalled = false
  settlePriorities(world, progress)
  workOffDebits(world)
  finishStoppingCanisters(world)
  chargeResources(world)
  pruneIngressHistory(world)
  applyQueryStats(world)
  suspendTooMany(world)
  shedMessages(world)
  checkpoint(world)
  if (state.round % stateSizeRounds === 0n) state.canisterStateBytes = world.activity.usedBytes
}

/** Notes how far the last day with a round came, for the metrics of the nodes. */
function beginDay(world: World, nowNanos: bigint): void {
  const { state } = world
  const { timeNanos, round } = state
  const endNanos = (timeNanos / dayNanos + 1n) * dayNanos
  if (round > 0n && nowNanos >= endNanos) state.pastDays = [...state.pastDays, { timeNanos, round }].slice(-daysKept)
  world.nextDayNanos = (nowNanos / dayNanos + 1n) * dayNanos
}

/** The last message of a core may overrun by one slice. */
function firstInstructions({ env: { limits } }: World): number {
  return limits.roundInstructions - Math.max(limits.sliceInstructions, limits.installSliceInstructions) + 1
}

function runIterations(world: World, progress: RoundProgress): void {
  const { state } = world
  const changedBefore = state.heapDeltaBytes
  answerEarlierCalls(world)
  const installed = continueInstall(world)
  progress.instructions -= installed
  world.stalled = installed === 0
  let tasks: RoundTasks | undefined
  do {
    const managed = drainManagement(world)
    progress.instructions -= managed ?? 0
    const isFirst = tasks === undefined
    tasks ??= planTasks(world)
    const executed = runIteration(world, tasks, progress, isFirst)
    const routed = routeMessages(world)
    if (managed === undefined && !executed && !routed) break
    world.stalled = false
    progress.instructions -= overhead.finalization * state.peekAll().length
  } while (progress.instructions > 0 && state.heapDeltaBytes - changedBefore < world.env.limits.roundHeapDeltaBytes)
}

/** Gives every canister with work its turn on one of the cores. @returns whether anything ran */
function runIteration(world: World, tasks: RoundTasks, progress: RoundProgress, isFirst: boolean): boolean {
  let executed = false
  let longest = 0
  for (const canisters of schedule(world, tasks, progress)) {
    let used = 0
    canisters.forEach((canister, position) => {
      if (isFirst && position === 0) progress.fullTurns.add(canister)
      const turn = runTurn(world, canister, tasks, progress, progress.instructions - used)
      if (turn === undefined) return
      executed = true
      used += turn + overhead.canister
    })
    longest = Math.max(longest, used)
  }
  // The cores run at the same time: the next iteration has what the busiest of them has left.
  progress.instructions -= longest
  return executed
}

/** Runs a canister until it has nothing left to do, its instructions are used up, or a long execution ends. @returns instructions used */
function runTurn(
  world: World,
  canister: CanisterState,
  tasks: RoundTasks,
  progress: RoundProgress,
  instructions: number,
): number | undefined {
  let used: number | undefined
  while (instructions - (used ?? 0) > 0) {
    const long = canister.longExecution
    if (long !== undefined) progress.continued.add(canister)
    const ran = long === undefined ? runCanister(world, canister, tasks) : continueMessage(world, canister, long)
    if (ran === undefined) break
    used = (used ?? 0) + ran + overhead.execution
    if (long !== undefined && canister.longExecution === undefined) break
  }
  if (used !== undefined && canister.queues.isEmpty && canister.longExecution === undefined) progress.fullTurns.add(canister)
  return used
}
