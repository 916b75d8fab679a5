/** Which memory allocation moves exactly so many cycles to the reserved balance. */
import { type Pricing, storageReservation } from '@tidemark/cycles'

export interface Reserving {
  readonly allocationBytes: bigint
  readonly capacityBytes: bigint
}

/**
 * A capacity of the subnet and an allocation on it. In a large subnet the reservation grows with the allocation in steps
 * of less than a cycle, but for leaps where the seconds that it is made for go up by one: so several are tried.
 *
 * @param usageBytes - What the canister uses, and the subnet's threshold at the same time.
 */
export function reserving(pricing: Pricing, cycles: bigint, usageBytes: bigint): Reserving {
  for (const bits of [54n, 55n, 56n, 57n, 58n, 59n]) {
    const capacityBytes = 1n << bits
    const allocationBytes = allocationReserving(pricing, cycles, usageBytes, capacityBytes)
    if (allocationBytes !== undefined) return { allocationBytes, capacityBytes }
  }
  throw new Error(`no allocation reserves ${cycles} cycles`)
}

function allocationReserving(pricing: Pricing, cycles: bigint, usageBytes: bigint, capacityBytes: bigint): bigint | undefined {
  const reservation = (extra: bigint) =>
    storageReservation(pricing, { subnetUsageBytes: usageBytes, thresholdBytes: usageBytes, capacityBytes }, extra)
  let low = 0n
  let high = capacityBytes - usageBytes
  while (low < high) {
    const middle = (low + high) / 2n
    if (reservation(middle) < cycles) low = middle + 1n
    else high = middle
  }
  return reservation(low) === cycles ? usageBytes + low : undefined
}
