/**
 * Charges every canister for its memory and its compute allocation, at the protocol's cadence.
 *
 * @see costs reference, "Charging"; a canister that cannot pay is uninstalled at once.
 */
import { chargeAtRates, chargeIntervalSeconds, dayRates } from '@tidemark/cycles'
import { type CanisterState, memoryUsage } from '@tidemark/state'
import { consume } from '../commit/charge.ts'
import { deliverAnswer } from '../commit/answers.ts'
import { touch } from '../commit/commitExecution.ts'
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
  const { settings } = canister
  const rates = dayRates(world.pricing, {
    memoryAllocationBytes: settings.memoryAllocation,
    memoryUsageBytes: BigInt(memoryUsage(canister)),
    messageMemoryBytes: 0n,
    computeAllocationPercent: settings.computeAllocation,
  })
  const { memory, messageMemory, compute } = chargeAtRates(rates, seconds)
  const paid = take(world, canister, 'memory', memory + messageMemory) && take(world, canister, 'compute_allocation', compute)
  if (paid) return
  for (const answer of uninstallOutOfCycles(world.state, canister)) {
    const respondent = answer.to.kind === 'canister' ? answer.to.respondent : canister.id
    deliverAnswer(world, respondent, answer.to, answer.payload, answer.refund)
  }
  touch(world, canister)
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
