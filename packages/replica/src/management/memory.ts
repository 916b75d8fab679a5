/** Memory that management calls take: the checks of `@tidemark/cycles`, with the protocol's errors. */
import { type Account, chargedBytes, checkMemoryGrowth, freezingThreshold, storageReservation, type SubnetMemory } from '@tidemark/cycles'
import type { SubnetEnvironment } from '@tidemark/execution'
import { type CanisterState, memoryMetrics, memoryUsage } from '@tidemark/state'
import { RejectError } from '@tidemark/types'
import { printBytes, printNumber } from './print.ts'

/** A canister's money and memory as the checks want them. */
export function accountOf(canister: CanisterState): Account {
  const { settings } = canister
  return {
    balance: canister.balance,
    reservedBalance: canister.reservedBalance,
    reservedCyclesLimit: settings.reservedCyclesLimit,
    memoryAllocationBytes: settings.memoryAllocation,
    memoryUsageBytes: BigInt(memoryUsage(canister)),
    messageMemoryBytes: BigInt(canister.queues.memoryBytes),
    computeAllocationPercent: settings.computeAllocation,
    freezingThresholdSeconds: settings.freezingThreshold,
  }
}

/** Bytes that uninstalling frees, but for the log. */
export function codeBytes(canister: CanisterState): number {
  const metrics = memoryMetrics(canister)
  return (
    metrics.wasmMemorySize +
    metrics.stableMemorySize +
    metrics.globalMemorySize +
    metrics.wasmBinarySize +
    metrics.customSectionsSize +
    metrics.wasmChunkStoreSize
  )
}

/** The subnet's memory, less what is kept for response callbacks. */
export function subnetMemoryOf(env: SubnetEnvironment): SubnetMemory {
  const { capacityBytes, thresholdBytes, callbackReserveBytes } = env.memory
  const usageBytes = env.memory.usedBytes()
  const available = capacityBytes - callbackReserveBytes - usageBytes
  return { usageBytes, availableBytes: available > 0n ? available : 0n, thresholdBytes, capacityBytes }
}

/**
 * Cycles to reserve for a growth of usage; 0 for none.
 *
 * @param costCycles - What the call itself takes from the balance.
 * @throws RejectError SubnetOversubscribed, InsufficientCyclesInMemoryGrow, ReservedCyclesLimitExceededInMemoryGrow; under
 * the old rule InsufficientMemoryAllocation
 */
export function reserveForGrowth(env: SubnetEnvironment, canister: CanisterState, growthBytes: bigint, costCycles: bigint): bigint {
  if (growthBytes <= 0n) return 0n
  const account = accountOf(canister)
  const check = checkMemoryGrowth(env.pricing, {
    growthBytes,
    account: { ...account, balance: account.balance - costCycles },
    subnet: subnetMemoryOf(env),
    allocationCapsUsage: env.memory.allocationCapsUsage,
  })
  if (check.ok) return check.reservation
  switch (check.reason) {
    case 'allocation_cap':
      throw allocationTooSmall(check.available, check.needed)
    case 'subnet_memory':
      throw subnetOversubscribed(check.needed, check.available)
    case 'reserved_limit':
      throw reservedLimitExceeded(growthBytes, check.available, check.missing)
    case 'freezing':
    case 'balance':
      throw cannotGrow(growthBytes, check.missing)
  }
}

/** What a call itself takes from the balance. */
interface Fee {
  readonly costCycles: bigint
  /** The part of it that is taken before the memory is judged. */
  readonly advanceCycles: bigint
  /** Judges the fee by the freezing threshold at the new size. */
  readonly require?: (freezingThreshold: bigint) => void
}

/**
 * Judges a change of usage: the subnet's memory, the freezing threshold at the new size, the fee, the reservation. A frozen
 * canister cannot even free memory.
 *
 * @returns cycles to reserve
 * @throws RejectError SubnetOversubscribed, InsufficientCyclesInMemoryGrow, ReservedCyclesLimitExceededInMemoryGrow; under
 * the old rule InsufficientMemoryAllocation
 */
export function affordUsage(
  env: SubnetEnvironment,
  canister: CanisterState,
  growthBytes: bigint,
  fee: Fee = { costCycles: 0n, advanceCycles: 0n },
): bigint {
  const account = accountOf(canister)
  const { memoryAllocationBytes, memoryUsageBytes, balance } = account
  const usageBytes = memoryUsageBytes + growthBytes
  if (env.memory.allocationCapsUsage && growthBytes > 0n && memoryAllocationBytes > 0n && usageBytes > memoryAllocationBytes) {
    throw allocationTooSmall(memoryAllocationBytes, usageBytes)
  }
  const subnet = subnetMemoryOf(env)
  const chargedBefore = chargedBytes(memoryAllocationBytes, memoryUsageBytes)
  const chargedAfter = chargedBytes(memoryAllocationBytes, usageBytes)
  const newBytes = chargedAfter > chargedBefore ? chargedAfter - chargedBefore : 0n
  if (newBytes > subnet.availableBytes) throw subnetOversubscribed(newBytes, subnet.availableBytes)
  const threshold = freezingThreshold(env.pricing, { ...account, memoryUsageBytes: usageBytes })
  const left = balance - fee.advanceCycles
  if (left < threshold) throw cannotGrow(newBytes, threshold - left)
  fee.require?.(threshold)
  const reservation = storageReservation(env.pricing, { ...subnet, subnetUsageBytes: subnet.usageBytes }, newBytes)
  const reserved = account.reservedBalance + reservation
  if (reservation > 0n && reserved > account.reservedCyclesLimit) {
    throw reservedLimitExceeded(newBytes, account.reservedCyclesLimit, reserved - account.reservedCyclesLimit)
  }
  if (reservation > balance - fee.costCycles) throw cannotGrow(newBytes, reservation - (balance - fee.costCycles))
  return reservation
}

function cannotGrow(bytes: bigint, missing: bigint): RejectError {
  return new RejectError(
    'InsufficientCyclesInMemoryGrow',
    `Canister cannot grow memory by ${bytes} bytes due to insufficient cycles. At least ${printNumber(missing)} additional cycles are required.`,
  )
}

function reservedLimitExceeded(bytes: bigint, limit: bigint, missing: bigint): RejectError {
  return new RejectError(
    'ReservedCyclesLimitExceededInMemoryGrow',
    `Canister cannot grow memory by ${bytes} bytes due to its reserved cycles limit. The current limit (${printNumber(limit)}) would be exceeded by ${printNumber(missing)}.`,
  )
}

/** Moves cycles to the reserved balance, which only pays for resources. */
export function reserve(canister: CanisterState, cycles: bigint): void {
  canister.balance -= cycles
  canister.reservedBalance += cycles
}

/** Under the rule before the change of 2025, when usage could not exceed an allocation. */
export function allocationTooSmall(givenBytes: bigint, neededBytes: bigint): RejectError {
  return new RejectError(
    'InsufficientMemoryAllocation',
    `Canister was given ${printBytes(givenBytes)} memory allocation but at least ${neededBytes} of memory is needed.`,
  )
}

export function subnetOversubscribed(requestedBytes: bigint, availableBytes: bigint): RejectError {
  return new RejectError(
    'SubnetOversubscribed',
    `Canister requested ${printBytes(requestedBytes)} of memory but only ${printBytes(availableBytes)} are available in the subnet.`,
  )
}
