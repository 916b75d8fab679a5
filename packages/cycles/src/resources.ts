import { larger, type Count } from './amounts.ts'
import { gib, secondsPerDay } from './limits.ts'
import { scale, type Pricing } from './pricing.ts'

/** What a canister holds of the subnet, idle or not. */
export type Resources = {
  readonly memoryAllocationBytes: bigint
  /** Everything it stores: heap, stable memory, module, custom sections, chunk store, history, snapshots, logs. */
  readonly memoryUsageBytes: bigint
  /** Queued messages and reserved responses; billed like storage, outside the allocation, without base cost. 0 when absent. */
  readonly messageMemoryBytes?: bigint
  /** Percent of a core; 0 when absent. */
  readonly computeAllocationPercent?: Count
}

/** Bytes a canister is charged for: the larger of its allocation and its usage. */
export const chargedBytes = (memoryAllocationBytes: bigint, memoryUsageBytes: bigint): bigint =>
  larger(memoryAllocationBytes, memoryUsageBytes)

/** Storage fee for a span of whole seconds: rounded down to cycles, then scaled and rounded down again. */
export const storageCost = (pricing: Pricing, bytes: bigint, seconds: bigint): bigint =>
  scale(pricing, (bytes * pricing.prices.storageGibSecond * seconds) / gib)

/** Base cost of existing (2026 profile); due as soon as one byte is charged, 0 for an empty canister. */
export const baseCost = (pricing: Pricing, bytes: bigint, seconds: bigint): bigint =>
  bytes > 0n ? scale(pricing, pricing.prices.baseSecond * seconds) : 0n

/** Fee for a compute allocation, used or not. */
export const computeCost = (pricing: Pricing, percent: Count, seconds: bigint): bigint =>
  scale(pricing, pricing.prices.computePercentSecond * seconds * BigInt(percent))

/** Cycles per day of each separately rounded part. Constant while a canister's resources are; worth keeping. */
export type DayRates = {
  readonly storage: bigint
  readonly base: bigint
  readonly messageMemory: bigint
  readonly compute: bigint
}

/** What holding these resources costs per day, in cycles, each part rounded as it is charged. */
export const dayRates = (pricing: Pricing, resources: Resources): DayRates => {
  const bytes = chargedBytes(resources.memoryAllocationBytes, resources.memoryUsageBytes)
  return {
    storage: storageCost(pricing, bytes, secondsPerDay),
    base: baseCost(pricing, bytes, secondsPerDay),
    messageMemory: storageCost(pricing, resources.messageMemoryBytes ?? 0n, secondsPerDay),
    compute: computeCost(pricing, resources.computeAllocationPercent ?? 0, secondsPerDay),
  }
}

/** One charge. The network takes `memory`, then `messageMemory`, then `compute`. */
export type ResourceCharge = {
  /** Storage and base cost, which are rounded together. */
  readonly memory: bigint
  /** The part of `memory` that storage accounts for. */
  readonly storage: bigint
  /** The part of `memory` that the base cost accounts for. */
  readonly base: bigint
  readonly messageMemory: bigint
  readonly compute: bigint
  readonly total: bigint
}

/** The charge that given day rates make over a span of whole seconds. */
export const chargeAtRates = (rates: DayRates, seconds: bigint): ResourceCharge => {
  const memory = ((rates.storage + rates.base) * seconds) / secondsPerDay
  const base = (rates.base * seconds) / secondsPerDay
  const messageMemory = (rates.messageMemory * seconds) / secondsPerDay
  const compute = (rates.compute * seconds) / secondsPerDay
  return { memory, storage: memory - base, base, messageMemory, compute, total: memory + messageMemory + compute }
}

/**
 * One charge for what a canister held over a span of whole seconds. The rate per day is rounded first and the
 * share of the day again, so many short charges add up to slightly less than one long charge.
 */
export const resourceCharge = (pricing: Pricing, resources: Resources, seconds: bigint): ResourceCharge =>
  chargeAtRates(dayRates(pricing, resources), seconds)

/** What an idle canister pays per day; `canister_status` reports it, and the freezing threshold is made from it. */
export const idleCyclesBurnedPerDay = (pricing: Pricing, resources: Resources): bigint => {
  const { storage, base, messageMemory, compute } = dayRates(pricing, resources)
  return storage + base + messageMemory + compute
}
