import { prices, referenceSubnetSize, sevReferenceSubnetSize, type Prices, type Profile } from './prices.ts'

export type CostSchedule = 'normal' | 'free'

export type SubnetType = 'application' | 'verified_application' | 'system'

export type PricingOptions = {
  readonly profile: Profile
  /** Number of nodes; 13 when absent. */
  readonly subnetSize?: number
  /** `free` makes every fee 0 (rented subnets); `normal` when absent. */
  readonly costSchedule?: CostSchedule
  /** On a system subnet every fee but those for chain keys is 0; `application` when absent. */
  readonly subnetType?: SubnetType
  /** Confidential machines: in the 2026 profile, subnets other than system ones scale against 7 nodes instead of 13. */
  readonly sev?: boolean
}

/** What a subnet charges. Made by `createPricing`, passed first to every function of this package. */
export type Pricing = {
  readonly profile: Profile
  readonly subnetSize: bigint
  readonly referenceSize: bigint
  readonly costSchedule: CostSchedule
  readonly subnetType: SubnetType
  readonly prices: Prices
  /** True where canisters pay nothing: the free schedule and system subnets. */
  readonly free: boolean
}

/**
 * Prices of one subnet.
 *
 * @throws RangeError when the profile is unknown or the subnet size is not a positive whole number.
 */
export const createPricing = (options: PricingOptions): Pricing => {
  const { profile, subnetSize = 13, costSchedule = 'normal', subnetType = 'application', sev = false } = options
  if (!Object.hasOwn(prices, profile)) throw new RangeError(`Unknown price profile "${profile}": expected 2025 or 2026`)
  if (!Number.isSafeInteger(subnetSize) || subnetSize < 1)
    throw new RangeError(`Subnet size must be a whole number from 1, got ${subnetSize}`)
  const scalesBySev = sev && profile === '2026' && subnetType !== 'system'
  return {
    profile,
    subnetSize: BigInt(subnetSize),
    referenceSize: scalesBySev ? sevReferenceSubnetSize : referenceSubnetSize,
    costSchedule,
    subnetType,
    prices: prices[profile],
    free: costSchedule === 'free' || subnetType === 'system',
  }
}

/**
 * An amount for 13 nodes brought to the subnet's size: multiplied first, then divided, rounded down.
 * 0 where canisters pay nothing.
 */
export const scale = (pricing: Pricing, amount: bigint): bigint =>
  pricing.free ? 0n : (amount * pricing.subnetSize) / pricing.referenceSize

/** An amount charged once per node of the subnet, without the division by the reference size. */
export const perNode = (pricing: Pricing, amount: bigint): bigint => (pricing.free ? 0n : amount * pricing.subnetSize)
