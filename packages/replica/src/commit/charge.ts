/** Takes and returns cycles of a canister, by what they are for. The ledger: minted = held + burned. */
import { executionRefund, groupDigits, freezingThreshold, prepaidExecution } from '@tidemark/cycles'
import { type CanisterState, type CyclesUseCase, type WasmMode, isController, memoryUsage } from '@tidemark/state'
import { type Principal, type Reject, createReject } from '@tidemark/types'
import type { World } from '../world.ts'

/** Cycles below which the canister is frozen. */
export function freezingLimit(world: World, canister: CanisterState): bigint {
  const { settings } = canister
  return freezingThreshold(world.pricing, {
    memoryAllocationBytes: settings.memoryAllocation,
    memoryUsageBytes: BigInt(memoryUsage(canister)),
    messageMemoryBytes: BigInt(canister.queues.memoryBytes),
    computeAllocationPercent: settings.computeAllocation,
    freezingThresholdSeconds: settings.freezingThreshold,
    reservedBalance: canister.reservedBalance,
  })
}

/** The error of a canister that cannot pay; only a controller learns how much is missing. */
export function outOfCycles(canister: CanisterState, missing: bigint, caller: Principal): Reject {
  const text = `Canister ${canister.id.toText()} is out of cycles`
  const detail = isController(canister.settings, caller)
    ? `: please top up the canister with at least ${groupDigits(missing)} additional cycles`
    : ''
  return createReject('CanisterOutOfCycles', text + detail)
}

/** Withdraws cycles that must leave the canister unfrozen. @returns the reject when they are not there */
export function withdraw(world: World, canister: CanisterState, cycles: bigint, caller: Principal): Reject | undefined {
  const missing = cycles + freezingLimit(world, canister) - canister.balance
  if (missing > 0n) return outOfCycles(canister, missing, caller)
  canister.balance -= cycles
  return undefined
}

/** Counts cycles that were taken from a balance as spent for good. */
export function consume(world: World, canister: CanisterState, useCase: CyclesUseCase, cycles: bigint): void {
  canister.consumedCycles[useCase] += cycles
  world.state.burnedCycles += cycles
}

/** Takes the prepayment for an execution at its full limit. */
export function prepay(world: World, canister: CanisterState, instructionLimit: number, caller: Principal): bigint | Reject {
  const cycles = prepaidExecution(world.pricing, BigInt(instructionLimit), wasmModeOf(canister))
  return withdraw(world, canister, cycles, caller) ?? cycles
}

/** Returns what an execution left of its prepayment. @returns what it cost */
export function settleExecution(world: World, canister: CanisterState, prepaid: bigint, instructionLimit: number, used: number): bigint {
  const refund = executionRefund(world.pricing, prepaid, BigInt(Math.max(0, instructionLimit - used)), wasmModeOf(canister))
  canister.balance += refund
  consume(world, canister, 'instructions', prepaid - refund)
  return prepaid - refund
}

/** Width of the canister's heap, which sets the price of its instructions. */
export function wasmModeOf(canister: CanisterState): WasmMode {
  return canister.execution?.module.wasmMode ?? 'wasm32'
}
