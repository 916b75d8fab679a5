/** Whether a canister may have the settings that a call asks for. Nothing changes here. */
import { checkAllocationChange } from '@tidemark/cycles'
import type { SubnetEnvironment } from '@tidemark/execution'
import type { CanisterSettings, CanisterState, SubnetState } from '@tidemark/state'
import { RejectError } from '@tidemark/types'
import { managementLimits } from '../limits.ts'
import { accountOf, allocationTooSmall, subnetMemoryOf, subnetOversubscribed } from '../memory.ts'
import { printBytes, printNumber } from '../print.ts'
import type { SettingsChange } from './settingsChange.ts'

/** New settings, ready to be put in place. */
export interface SettingsVerdict {
  readonly settings: CanisterSettings
  /** Cycles to move to the reserved balance. */
  readonly reservation: bigint
}

/**
 * The settings with the change, after all checks in the network's order.
 *
 * @throws RejectError SubnetOversubscribed, InsufficientCyclesInComputeAllocation, InsufficientCyclesInMemoryAllocation,
 * ReservedCyclesLimitIsTooLow, ReservedCyclesLimitExceededInMemoryAllocation, CanisterRejectedMessage for the log's size;
 * under the old rule InsufficientMemoryAllocation
 */
export function judgeSettings(
  subnet: SubnetState,
  env: SubnetEnvironment,
  canister: CanisterState,
  change: SettingsChange,
): SettingsVerdict {
  const before = canister.settings
  const settings = mergeSettings(before, change)
  const account = accountOf(canister)
  const { memoryUsageBytes } = account
  const caps = env.memory.allocationCapsUsage && settings.memoryAllocation > 0n && settings.memoryAllocation !== before.memoryAllocation
  if (caps && settings.memoryAllocation < memoryUsageBytes) throw allocationTooSmall(settings.memoryAllocation, memoryUsageBytes)
  const check = checkAllocationChange(env.pricing, {
    allocationBytes: settings.memoryAllocation,
    account: {
      ...account,
      reservedCyclesLimit: settings.reservedCyclesLimit,
      computeAllocationPercent: settings.computeAllocation,
      freezingThresholdSeconds: settings.freezingThreshold,
    },
    subnet: subnetMemoryOf(env),
  })
  if (!check.ok && check.reason === 'subnet_memory') {
    // What the canister holds already counts on both sides.
    const held = before.memoryAllocation > memoryUsageBytes ? before.memoryAllocation : memoryUsageBytes
    throw subnetOversubscribed(held + check.needed, held + check.available)
  }
  checkComputeCapacity(subnet, canister, settings.computeAllocation)
  const missing = check.freezingThreshold - canister.balance
  // A change that takes no more resources is allowed even if the canister is, or thereby becomes, frozen.
  if (missing > 0n && settings.computeAllocation > before.computeAllocation) {
    throw new RejectError(
      'InsufficientCyclesInComputeAllocation',
      `Cannot increase compute allocation to ${settings.computeAllocation}% due to insufficient cycles. At least ${printNumber(missing)} additional cycles are required.`,
    )
  }
  if (missing > 0n && settings.memoryAllocation > before.memoryAllocation) throw cannotAllocate(settings.memoryAllocation, missing)
  if (settings.reservedCyclesLimit < canister.reservedBalance) {
    throw new RejectError(
      'ReservedCyclesLimitIsTooLow',
      `Cannot set the reserved cycles limit ${printNumber(settings.reservedCyclesLimit)} below the reserved cycles balance of the canister ${printNumber(canister.reservedBalance)}.`,
    )
  }
  if (!check.ok && check.reason === 'reserved_limit') {
    throw new RejectError(
      'ReservedCyclesLimitExceededInMemoryAllocation',
      `Cannot increase memory allocation to ${printBytes(settings.memoryAllocation)} due to its reserved cycles limit. The current limit (${printNumber(check.available)}) would be exceeded by ${printNumber(check.missing)}.`,
    )
  }
  if (!check.ok && check.reason === 'balance') throw cannotAllocate(settings.memoryAllocation, check.missing)
  checkLogMemory(change.logMemoryLimit)
  return { settings, reservation: check.reservation }
}

function mergeSettings(before: CanisterSettings, change: SettingsChange): CanisterSettings {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  return { ...before, ...given }
}

function checkComputeCapacity(subnet: SubnetState, canister: CanisterState, wanted: bigint): void {
  if (wanted <= canister.settings.computeAllocation) return
  let usedByOthers = 0n
  for (const other of subnet.peekAll()) if (other !== canister) usedByOthers += other.settings.computeAllocation
  const available = managementLimits.computeCapacityPercent - 1n - usedByOthers
  if (wanted <= available) return
  throw new RejectError(
    'SubnetOversubscribed',
    `Canister requested a compute allocation of ${wanted}% which cannot be satisfied because the Subnet's remaining compute capacity is ${available}%.`,
  )
}

/** @throws RejectError CanisterRejectedMessage when the limit of a log is out of range */
export function checkLogMemory(limit: bigint | undefined): void {
  const { logMemoryMinBytes: min, logMemoryMaxBytes: max } = managementLimits
  if (limit === undefined || limit === 0n) return
  if (limit < min) throw logMemoryRefused(`too low. It must be at least ${min}`, limit)
  if (limit > max) throw logMemoryRefused(`too high. It must be at most ${max}`, limit)
}

function logMemoryRefused(reason: string, limit: bigint): RejectError {
  return new RejectError('CanisterRejectedMessage', `The canister log memory limit ${limit} is ${reason}.`)
}

function cannotAllocate(bytes: bigint, missing: bigint): RejectError {
  return new RejectError(
    'InsufficientCyclesInMemoryAllocation',
    `Cannot increase memory allocation to ${printBytes(bytes)} due to insufficient cycles. At least ${printNumber(missing)} additional cycles are required.`,
  )
}
