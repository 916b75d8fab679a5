/** The memory that is kept for a canister's log. @see Interface specification, "IC method `update_settings`", `log_memory_limit` */
import { instructionsCost, type Pricing } from '@tidemark/cycles'
import { type CanisterState, logStoreBytes, trimLog } from '@tidemark/state'
import { RejectError } from '@tidemark/types'
import type { ManagementCall } from '../call.ts'
import { type AffordableChange, payForChange } from '../change.ts'
import { freezingThresholdOf, requireLiquid } from '../ledger.ts'
import { reserveForGrowth } from '../memory.ts'
import { requireHeapDeltaRate } from '../rateLimit.ts'
import { printNumber } from '../print.ts'

/** Instructions for every byte that is in the log: all of it is read and written again. */
const resizeInstructionsPerByte = 32n

/** Bytes that a log of this limit takes; none with the prices of 2025, when logs were not counted. */
export function logStoreOf(pricing: Pricing, limit: bigint): number {
  return pricing.profile === '2025' ? 0 : logStoreBytes(Number(limit))
}

/** A resize that can be paid for. */
export interface LogResize {
  readonly storeBytes: number
  readonly change: AffordableChange | undefined
}

/**
 * Judges a change of the log's limit; changes nothing. A limit that leaves the memory as it is costs nothing.
 *
 * @throws RejectError CanisterHeapDeltaRateLimited, SubnetOversubscribed, InsufficientCyclesInMemoryGrow,
 * ReservedCyclesLimitExceededInMemoryGrow
 */
export function judgeLogResize(call: ManagementCall, canister: CanisterState, limit: bigint | undefined): LogResize {
  const before = canister.log.storeBytes
  const storeBytes = limit === undefined ? before : logStoreOf(call.env.pricing, limit)
  if (storeBytes === before) return { storeBytes, change: undefined }
  requireHeapDeltaRate(call, canister)
  const { pricing } = call.env
  const costCycles = instructionsCost(pricing, resizeInstructionsPerByte * BigInt(canister.log.usedBytes), 'wasm32')
  const growthBytes = storeBytes - before
  requireLiquid(pricing, canister, call.caller, costCycles, () => cannotPay(pricing, canister, growthBytes, costCycles))
  return { storeBytes, change: { costCycles, reservation: reserveForGrowth(call.env, canister, BigInt(growthBytes), costCycles) } }
}

/**
 * Pays for a resize, and drops what does not fit any more.
 *
 * @param limit - of the settings that hold from now on
 * @returns bytes of the log that were written anew
 */
export function applyLogResize(call: ManagementCall, canister: CanisterState, { storeBytes, change }: LogResize, limit: bigint): number {
  if (change !== undefined) payForChange(call, canister, change)
  canister.log.storeBytes = storeBytes
  trimLog(canister.log, Number(limit))
  return change === undefined ? 0 : canister.log.usedBytes
}

/** A resize that cannot be paid for is refused as any other growth is, even where it is none. */
function cannotPay(pricing: Pricing, canister: CanisterState, growthBytes: number, costCycles: bigint): RejectError {
  const missing = costCycles + freezingThresholdOf(pricing, canister) - canister.balance
  return new RejectError(
    'InsufficientCyclesInMemoryGrow',
    `Canister cannot grow memory by ${Math.max(0, growthBytes)} bytes due to insufficient cycles. At least ${printNumber(missing)} additional cycles are required.`,
  )
}
