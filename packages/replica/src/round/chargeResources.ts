/**
 * Charges every canister for its memory and its compute allocation, at the protocol's cadence.
 *
 * @see costs reference, "Charging"; a canister that cannot pay is uninstalled at once.
 */
import { chargeIntervalSeconds, resourceCharge } from '@tidemark/cycles'
import { type CanisterState, memoryUsage } from '@tidemark/state'
import { consume } from '../commit/charge.ts'
import { deliverAnswer } from '../commit/answers.ts'
import { touch } from '../commit/commitExecution.ts'
import { evaluateHook } from '../commit/hookCondition.ts'
import { uninstallOutOfCycles } from '../management/index.ts'
import type { World } from '../world.ts'

const second = 1_000_000_000n

/** What a canister owes for a span. */
export interface Due {
  readonly seconds: number
  /** Cycles, message memory included. */
  readonly memory: bigint
  readonly compute: bigint
  readonly total: bigint
}

/** Whole seconds from one charge to the next. Canisters that were charged together share it. */
interface Span {
  readonly fromNanos: bigint
  readonly toNanos: bigint
  /** 0 when the next charge is not due yet. */
  readonly seconds: number
}

/** Charges canisters whose last charge is at least ten seconds of block time ago, for whole seconds. */
export function chargeResources(world: World): void {
  const { state } = world
  if (world.nextChargeNanos > state.timeNanos) return
  let span: Span | undefined
  for (const canister of state.canisters()) {
    if (span?.fromNanos !== canister.lastChargedNanos) span = spanFrom(canister.lastChargedNanos, state.timeNanos)
    if (span.seconds > 0) charge(world, canister, span)
  }
  world.nextChargeNanos = state.timeNanos + chargeIntervalSeconds * second
}

function spanFrom(fromNanos: bigint, nowNanos: bigint): Span {
  const seconds = (nowNanos - fromNanos) / second
  if (seconds < chargeIntervalSeconds) return { fromNanos, toNanos: fromNanos, seconds: 0 }
  return { fromNanos, toNanos: fromNanos + seconds * second, seconds: Number(seconds) }
}

function charge(world: World, canister: CanisterState, span: Span): void {
  // While an execution goes on the canister is left alone; it pays for the whole time later.
  if (canister.longExecution !== undefined) return
  const { memory, compute, total } = dueOf(world, canister, span.seconds)
  canister.lastChargedNanos = span.toNanos
  if (canister.reservedBalance === 0n && canister.balance >= total) {
    // The ordinary case, kept short: it is met for every canister every ten seconds.
    canister.balance -= total
    canister.consumedCycles.memory += memory
    if (compute !== 0n) canister.consumedCycles.compute_allocation += compute
    world.state.burnedCycles += total
  } else if (!take(world, canister, 'memory', memory) || !take(world, canister, 'compute_allocation', compute)) {
    return uninstall(world, canister)
  }
  if (canister.lifecycleHooks !== undefined) touch(world, canister)
}

function uninstall(world: World, canister: CanisterState): void {
  for (const answer of uninstallOutOfCycles(world.state, canister)) {
    const respondent = answer.to.kind === 'canister' ? answer.to.respondent : canister.id
    deliverAnswer(world, respondent, answer.to, answer.payload, answer.refund)
  }
  // Without a heap the hook is armed again.
  evaluateHook(canister)
  touch(world, canister)
}

/** The charge of a canister, kept for as long as nothing about the canister changes: idle ones are charged the same again. */
function dueOf(world: World, canister: CanisterState, seconds: number): Due {
  const before = world.dues.get(canister)
  if (before !== undefined && before.seconds === seconds) return before
  const { settings } = canister
  const resources = {
    memoryAllocationBytes: settings.memoryAllocation,
    memoryUsageBytes: BigInt(memoryUsage(canister)),
    messageMemoryBytes: BigInt(canister.queues.memoryBytes),
    computeAllocationPercent: settings.computeAllocation,
  }
  const { memory, messageMemory, compute, total } = resourceCharge(world.pricing, resources, BigInt(seconds))
  const due = { seconds, memory: memory + messageMemory, compute, total }
  world.dues.set(canister, due)
  return due
}

/** Takes a charge from the reserved balance first. @returns false, with nothing left, when it cannot be paid in full */
function take(world: World, canister: CanisterState, useCase: 'memory' | 'compute_allocation', cycles: bigint): boolean {
  const fromReserved = cycles < canister.reservedBalance ? cycles : canister.reservedBalance
  const rest = cycles - fromReserved
  const fromBalance = rest < canister.balance ? rest : canister.balance
  canister.reservedBalance -= fromReserved
  canister.balance -= fromBalance
  consume(world, canister, useCase, fromReserved + fromBalance)
  return fromBalance === rest
}
