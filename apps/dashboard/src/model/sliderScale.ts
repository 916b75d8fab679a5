import { gib, secondsPerDay, subnetMemory } from '@tidemark/cycles'
import type { SliderName } from './billInputs.ts'

/** The values a slider can stand on, in rising order. A value may lie between two of them; the slider then stands on the lower. */
export type SliderScale = { readonly stops: readonly bigint[] }

const mib = 1n << 20n

const series = (from: bigint, to: bigint, step: bigint): bigint[] => {
  const values: bigint[] = []
  for (let value = from; value <= to; value += step) values.push(value)
  return values
}

const doublings = (from: bigint, to: bigint): bigint[] => {
  const values: bigint[] = []
  for (let value = from; value <= to; value *= 2n) values.push(value)
  return values
}

const decades = (from: bigint, count: number, steps: readonly bigint[]): bigint[] =>
  Array.from({ length: count }, (_, index) => steps.map((step) => step * from * 10n ** BigInt(index))).flat()

/** Fine where the example plays, coarse where only the order of magnitude matters. */
const canisterMemory: SliderScale = {
  stops: [0n, ...doublings(mib, 512n * mib), ...series(gib, 128n * gib, gib), ...series(132n * gib, 512n * gib, 4n * gib)],
}

const cycles: SliderScale = {
  stops: [0n, ...decades(1_000_000_000n, 6, [10n, 15n, 20n, 25n, 30n, 40n, 50n, 60n, 70n, 80n, 90n]), 10_000_000_000_000_000n],
}

const scales: { readonly [name in SliderName]: SliderScale } = {
  allocationBytes: canisterMemory,
  usageBytes: canisterMemory,
  growthBytes: {
    stops: [0n, ...doublings(65_536n, 512n * mib), ...series(gib, 32n * gib, gib), ...series(36n * gib, 128n * gib, 4n * gib)],
  },
  subnetUsageBytes: { stops: series(0n, subnetMemory.capacityBytes, gib) },
  freezingThresholdSeconds: {
    stops: [
      0n,
      3_600n,
      6n * 3_600n,
      12n * 3_600n,
      ...series(secondsPerDay, 60n * secondsPerDay, secondsPerDay),
      ...series(65n * secondsPerDay, 365n * secondsPerDay, 5n * secondsPerDay),
    ],
  },
  balanceCycles: cycles,
  reservedLimitCycles: cycles,
}

export const scaleOf = (name: SliderName): SliderScale => scales[name]

/** Where the thumb stands: the last stop that is not above the value. */
export const positionOf = ({ stops }: SliderScale, value: bigint): number => {
  let low = 0
  let high = stops.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((stops[middle] ?? 0n) <= value) low = middle
    else high = middle - 1
  }
  return low
}

/** The value of a stop. A position beyond the ends gives the end. */
export const valueAt = ({ stops }: SliderScale, position: number): bigint =>
  stops[Math.min(Math.max(Math.trunc(position), 0), stops.length - 1)] ?? 0n
