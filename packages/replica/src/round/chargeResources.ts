/**
 * Charges every canister for its memory and its compute allocation, at the protocol's cadence.
 *
 * @see costs reference, "Charging"; a canister that cannot pay is uninstalled at once.
 */
import { chargeIntervalSeconds, resourceCharge } from '@tidemark/cycles'
import { type CanisterSettings, type CanisterState, memoryUsage } from '@tidemark/state'
import { consume } from '../commit/charge.ts'
import { deliverAnswer } from '../commit/answers.ts'
import { touch } from '../commit/commitExecution.ts'
import { evaluateHook } from '../commit/hookCondition.ts'
import { uninstallOutOfCycles } from '../management/index.ts'
import type { World } from '../world.ts'

const second = 1_000_000_000n

/** Charges canisters whose last charge is at least ten seconds of block time ago, for whole seconds. */
export function chargeResources(world: World): void {
  const due = world.state.timeNanos - chargeIntervalSeconds * second
  if (world.nextChargeNanos > world.state.timeNanos) return
  for (const canister of world.state.canisters()) if (canister.lastChargedNanos <= due) charge(world, canister)
  world.nextChargeNanos = world.state.timeNanos + chargeIntervalSeconds * second
}

function charge(world: World, canister: CanisterState): void {
  const seconds = (world.state.timeNanos - canister.lastChargedNanos) / second
  canister.lastChargedNanos += seconds * second
  const { memory, compute, total } = dueOf(world, canister, seconds)
  if (canister.reservedBalance === 0n && canister.balance >= total) {
    // The ordinary case, kept short: it is met for every canister every ten seconds.
    canister.balance -= total
    canister.consumedCycles.memory += memory
    if (compute !== 0n) canister.consumedCycles.compute_allocation += compute
    world.state.burnedCycles += total
    if (canister.lifecycleHooks !== undefined) touch(world, canister)
    return
  }
  if (take(world, canister, 'memory', memory) && take(world, canister, 'compute_allocation', compute)) {
    if (canister.lifecycleHooks !== undefined) touch(world, canister)
    return
  }
  for (const answer of uninstallOutOfCycles(world.state, canister)) {
    const respondent = answer.to.kind === 'canister' ? answer.to.respondent : canister.id
    deliverAnswer(world, respondent, answer.to, answer.payload, answer.refund)
  }
  // Without a heap the hook is armed again.
  evaluateHook(canister)
  touch(world, canister)
}

/** What a canister owes for a span, remembered as long as nothing that it depends on changes. */
interface Due {
  readonly usage: number
  readonly settings: CanisterSettings
  readonly seconds: bigint
  readonly memory: bigint
  readonly compute: bigint
  readonly total: bigint
}

const known = new WeakMap<CanisterState, Due>()

function dueOf(world: World, canister: CanisterState, seconds: bigint): Due {
  const usage = memoryUsage(canister)
  const { settings } = canister
  const before = known.get(canister)
  if (before !== undefined && before.usage === usage && before.settings === settings && before.seconds === seconds) return before
  const resources = {
    memoryAllocationBytes: settings.memoryAllocation,
    memoryUsageBytes: BigInt(usage),
    messageMemoryBytes: 0n,
    computeAllocationPercent: settings.computeAllocation,
  }
  const { memory, messageMemory, compute, total } = resourceCharge(world.pricing, resources, seconds)
  const due = { usage, settings, seconds, memory: memory + messageMemory, compute, total }
  known.set(canister, due)
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
