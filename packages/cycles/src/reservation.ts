import { saturatingSubtract, smaller } from './amounts.ts'
import { maxReservationSeconds } from './limits.ts'
import type { Pricing } from './pricing.ts'
import { storageCost } from './resources.ts'

export type SubnetUsage = {
  /** Memory taken on the subnet before the growth, the canister's own included. */
  readonly subnetUsageBytes: bigint
  readonly thresholdBytes: bigint
  readonly capacityBytes: bigint
}

/** Cycles that filling a subnet up to this usage has reserved in all: a triangle over the bytes above the threshold. */
const reservedUpTo = (pricing: Pricing, subnet: SubnetUsage, usageBytes: bigint): bigint => {
  const span = subnet.capacityBytes - subnet.thresholdBytes
  if (span <= 0n) return 0n
  const above = saturatingSubtract(smaller(usageBytes, subnet.capacityBytes), subnet.thresholdBytes)
  const seconds = (maxReservationSeconds * above) / span / 2n
  return storageCost(pricing, above, seconds)
}

/**
 * Cycles moved from the main to the reserved balance when `newBytes` are newly taken from the subnet.
 * 0 while the subnet stays at or below its threshold, and always on system subnets. Two growths reserve
 * exactly what one growth by their sum does.
 *
 * @param newBytes - The part beyond what the canister was already charged for.
 */
export const storageReservation = (pricing: Pricing, subnet: SubnetUsage, newBytes: bigint): bigint =>
  reservedUpTo(pricing, subnet, subnet.subnetUsageBytes + newBytes) - reservedUpTo(pricing, subnet, subnet.subnetUsageBytes)

/**
 * The subnet as one scheduler core sees it inside an update: usage, threshold and capacity divided, the growth not.
 * Reserves the same to first order, more for large steps just above the threshold.
 */
export const perCoreUsage = (subnet: SubnetUsage, cores: bigint): SubnetUsage => ({
  subnetUsageBytes: subnet.subnetUsageBytes / cores,
  thresholdBytes: subnet.thresholdBytes / cores,
  capacityBytes: subnet.capacityBytes / cores,
})
