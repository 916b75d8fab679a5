/**
 * Cycles in and out of balances by management calls. Together these keep minted = held + burned.
 */
import { freezingThreshold, type Pricing } from '@tidemark/cycles'
import { type CanisterState, type CyclesUseCase, isController, memoryUsage, type SubnetState } from '@tidemark/state'
import type { Principal, RejectError } from '@tidemark/types'
import { maxCycles } from './limits.ts'
import { printNumber } from './print.ts'

/** Adds cycles that exist already. A balance never passes 2^128 − 1; what would is burned. */
export function credit(subnet: SubnetState, canister: CanisterState, cycles: bigint): void {
  const room = maxCycles - canister.balance
  const added = cycles < room ? cycles : room
  canister.balance += added
  subnet.burnedCycles += cycles - added
}

/** Adds cycles out of nothing. */
export function mint(subnet: SubnetState, canister: CanisterState, cycles: bigint): void {
  const room = maxCycles - canister.balance
  const added = cycles < room ? cycles : room
  canister.balance += added
  subnet.mintedCycles += added
}

/** Takes a fee that the caller has checked the balance for. */
export function burn(subnet: SubnetState, canister: CanisterState, cycles: bigint, useCase: CyclesUseCase): void {
  canister.balance -= cycles
  canister.consumedCycles[useCase] += cycles
  subnet.burnedCycles += cycles
}

/** Balance under which a canister is frozen. */
export function freezingThresholdOf(pricing: Pricing, canister: CanisterState): bigint {
  const { settings } = canister
  return freezingThreshold(pricing, {
    memoryAllocationBytes: settings.memoryAllocation,
    memoryUsageBytes: BigInt(memoryUsage(canister)),
    messageMemoryBytes: BigInt(canister.queues.memoryBytes),
    computeAllocationPercent: settings.computeAllocation,
    freezingThresholdSeconds: settings.freezingThreshold,
    reservedBalance: canister.reservedBalance,
  })
}

/** @throws RejectError made by `refuse` when the cost does not fit above the freezing threshold */
export function requireLiquid(
  pricing: Pricing,
  canister: CanisterState,
  caller: Principal,
  cost: bigint,
  refuse: (text: string) => RejectError,
  threshold: bigint = freezingThresholdOf(pricing, canister),
): void {
  const missing = cost + threshold - canister.balance
  if (cost > 0n && missing > 0n) throw refuse(outOfCyclesText(canister, caller, missing))
}

/** Only a controller learns how much is missing. */
function outOfCyclesText(canister: CanisterState, caller: Principal, missing: bigint): string {
  const text = `Canister ${canister.id.toText()} is out of cycles`
  return isController(canister.settings, caller)
    ? `${text}: please top up the canister with at least ${printNumber(missing)} additional cycles`
    : text
}
