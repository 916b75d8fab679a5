import { larger, smaller } from './amounts.ts'
import { freezingThreshold } from './freezing.ts'
import { defaultFreezingThresholdSeconds, defaultReservedCyclesLimit, gib, subnetMemory } from './limits.ts'
import { scale, type Pricing } from './pricing.ts'
import { storageReservation } from './reservation.ts'

/** Where the example starts; every figure can be moved. */
export type ExampleSituation = {
  readonly memoryAllocationBytes: bigint
  readonly memoryUsageBytes: bigint
  /** Growths in the order in which they are tried. */
  readonly growthsBytes: readonly bigint[]
  readonly balance: bigint
  readonly reservedCyclesLimit: bigint
  readonly freezingThresholdSeconds: bigint
  /** Memory taken on the subnet at the start, this canister included. */
  readonly subnetUsageBytes: bigint
  readonly subnetThresholdBytes: bigint
  readonly subnetCapacityBytes: bigint
}

/** The published example: 100 GiB allocated, 96 used, then 2 more and 6 more, on a subnet below its threshold. */
export const announcedSituation = (pricing: Pricing): ExampleSituation => ({
  memoryAllocationBytes: 100n * gib,
  memoryUsageBytes: 96n * gib,
  growthsBytes: [2n * gib, 6n * gib],
  balance: scale(pricing, 100_000_000_000_000n),
  reservedCyclesLimit: defaultReservedCyclesLimit,
  freezingThresholdSeconds: defaultFreezingThresholdSeconds,
  subnetUsageBytes: 700n * gib,
  subnetThresholdBytes: subnetMemory.thresholdBytes,
  subnetCapacityBytes: subnetMemory.capacityBytes,
})

/** Ways in which the last growth of the example can end. */
export type ExampleVariant = 'success' | 'reserves' | 'subnet_full' | 'would_freeze' | 'cannot_reserve'

/**
 * What to change in the announced situation so that its last growth ends in a given way, on a subnet that charges.
 * The first growth succeeds in all of them, because it stays within the allocation.
 */
export const exampleVariant = (pricing: Pricing, variant: ExampleVariant): Partial<ExampleSituation> => {
  const announced = announcedSituation(pricing)
  const finalUsage = announced.growthsBytes.reduce((sum, growth) => sum + growth, announced.memoryUsageBytes)
  const thresholdAt = (memoryUsageBytes: bigint): bigint => freezingThreshold(pricing, { ...announced, memoryUsageBytes })
  const busy = { subnetUsageBytes: 800n * gib }
  const usage = { ...busy, thresholdBytes: announced.subnetThresholdBytes, capacityBytes: announced.subnetCapacityBytes }
  const reservation = storageReservation(pricing, usage, finalUsage - announced.memoryAllocationBytes)
  switch (variant) {
    case 'success':
      return {}
    case 'reserves':
      return { ...busy, reservedCyclesLimit: larger(defaultReservedCyclesLimit, reservation) }
    case 'subnet_full':
      return { subnetUsageBytes: announced.subnetCapacityBytes - 3n * gib }
    case 'would_freeze':
      return { balance: (thresholdAt(announced.memoryUsageBytes) + thresholdAt(finalUsage)) / 2n }
    case 'cannot_reserve':
      return { ...busy, reservedCyclesLimit: smaller(defaultReservedCyclesLimit, larger(reservation - 1n, 0n)) }
  }
}
