import type { Profile } from './prices.ts'
import { createPricing, type PricingOptions } from './pricing.ts'
import { explain, type Bill } from './explain.ts'
import type { FreezingInput } from './freezing.ts'

export type ProfileComparison = {
  readonly bills: { readonly [profile in Profile]: Bill }
  /** What 2026 charges more per day; never negative with the published prices. */
  readonly extraCyclesPerDay: bigint
  /** 2026 in thousandths of 2025, rounded down; `null` when 2025 charges nothing. */
  readonly permille: bigint | null
}

/** The same canister on the same subnet, billed at the prices of 2025 and of 2026. */
export const compareProfiles = (subnet: Omit<PricingOptions, 'profile'>, input: FreezingInput): ProfileComparison => {
  const bills = {
    '2025': explain(createPricing({ ...subnet, profile: '2025' }), input),
    '2026': explain(createPricing({ ...subnet, profile: '2026' }), input),
  }
  const before = bills['2025'].cyclesPerDay
  const after = bills['2026'].cyclesPerDay
  return { bills, extraCyclesPerDay: after - before, permille: before === 0n ? null : (after * 1_000n) / before }
}
