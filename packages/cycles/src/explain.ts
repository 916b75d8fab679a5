import { formatBytes, formatCyclesExactly, formatDuration, groupDigits } from './format.ts'
import { freezingThreshold, type FreezingInput } from './freezing.ts'
import { secondsPerDay } from './limits.ts'
import type { Pricing } from './pricing.ts'
import { chargedBytes, dayRates } from './resources.ts'

/** One part of a bill: formula, inputs and result together. */
export type BillLine = {
  readonly part: 'storage' | 'base' | 'message_memory' | 'compute'
  readonly cyclesPerDay: bigint
  readonly text: string
}

export type Bill = {
  readonly chargedBytes: bigint
  readonly lines: readonly BillLine[]
  readonly cyclesPerDay: bigint
  readonly freezingThreshold: bigint
  /** The whole bill in sentences: what is charged, each part, the sum, the freezing threshold. */
  readonly text: readonly string[]
}

const nodes = (pricing: Pricing): string =>
  pricing.subnetSize === pricing.referenceSize ? '' : ` × ${pricing.subnetSize}/${pricing.referenceSize} nodes`

const perDay = (pricing: Pricing, rate: string): string => `${rate} × ${groupDigits(secondsPerDay)} seconds${nodes(pricing)}`

const chargedText = ({ memoryAllocationBytes, memoryUsageBytes }: FreezingInput): string => {
  const sizes = `${formatBytes(memoryAllocationBytes)} allocated, ${formatBytes(memoryUsageBytes)} used`
  return `${sizes}: storage is charged on the larger, ${formatBytes(chargedBytes(memoryAllocationBytes, memoryUsageBytes))}.`
}

const billLines = (pricing: Pricing, input: FreezingInput): readonly BillLine[] => {
  const { storage, base, messageMemory, compute } = dayRates(pricing, input)
  const { storageGibSecond, baseSecond, computePercentSecond } = pricing.prices
  const bytes = chargedBytes(input.memoryAllocationBytes, input.memoryUsageBytes)
  const storageOf = (size: bigint): string =>
    perDay(pricing, `${formatBytes(size)} × ${formatCyclesExactly(storageGibSecond)} per GiB and second`)
  const line = (part: BillLine['part'], cyclesPerDay: bigint, name: string, formula: string): BillLine => ({
    part,
    cyclesPerDay,
    text: `${name}: ${formula} = ${formatCyclesExactly(cyclesPerDay)} per day.`,
  })
  return [
    line('storage', storage, 'Storage', storageOf(bytes)),
    line('base', base, 'Base cost', perDay(pricing, `${formatCyclesExactly(baseSecond)} per second`)),
    line('message_memory', messageMemory, 'Message memory', storageOf(input.messageMemoryBytes ?? 0n)),
    line(
      'compute',
      compute,
      'Compute allocation',
      perDay(pricing, `${input.computeAllocationPercent ?? 0} % × ${formatCyclesExactly(computePercentSecond)} per percent and second`),
    ),
  ]
}

/**
 * The bill of an idle canister with its reasons. Parts that come to nothing are left out; results are rounded
 * down as the network rounds them, so a formula with a fraction may be up to two cycles above its result.
 */
export const explain = (pricing: Pricing, input: FreezingInput): Bill => {
  const lines = billLines(pricing, input).filter((line) => line.cyclesPerDay > 0n)
  const cyclesPerDay = lines.reduce((sum, line) => sum + line.cyclesPerDay, 0n)
  const threshold = freezingThreshold(pricing, input)
  const reserved = input.reservedBalance ?? 0n
  const sum = pricing.free
    ? 'This subnet charges canisters nothing.'
    : `Together ${formatCyclesExactly(cyclesPerDay)} per day, used or idle.`
  const freezing = `Frozen below ${formatCyclesExactly(threshold)}: ${formatDuration(input.freezingThresholdSeconds)} of this${
    reserved > 0n ? `, less ${formatCyclesExactly(reserved)} held in reserve` : ''
  }.`
  return {
    chargedBytes: chargedBytes(input.memoryAllocationBytes, input.memoryUsageBytes),
    lines,
    cyclesPerDay,
    freezingThreshold: threshold,
    text: [chargedText(input), ...lines.map((line) => line.text), sum, freezing],
  }
}
