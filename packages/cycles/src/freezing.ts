import { saturatingSubtract, smaller } from './amounts.ts'
import { secondsPerDay } from './limits.ts'
import type { Pricing } from './pricing.ts'
import { idleCyclesBurnedPerDay, type Resources } from './resources.ts'

export type FreezingInput = Resources & {
  readonly freezingThresholdSeconds: bigint
  /** Cycles set aside for storage; they lower the threshold. 0 when absent. */
  readonly reservedBalance?: bigint
}

/** Cycles that keep the canister's resources paid for the whole freezing threshold, whichever balance they come from. */
export const freezingLimit = (pricing: Pricing, input: Resources & { readonly freezingThresholdSeconds: bigint }): bigint =>
  (idleCyclesBurnedPerDay(pricing, input) * input.freezingThresholdSeconds) / secondsPerDay

/** Main balance below which the canister is frozen: the freezing limit less the reserved balance, never below 0. */
export const freezingThreshold = (pricing: Pricing, input: FreezingInput): bigint =>
  saturatingSubtract(freezingLimit(pricing, input), input.reservedBalance ?? 0n)

/** What may be spent or sent without freezing: `ic0.canister_liquid_cycle_balance128`. 0 when frozen. */
export const liquidBalance = (balance: bigint, threshold: bigint): bigint => saturatingSubtract(balance, threshold)

/** What `ic0.cycles_burn128(amount)` burns. */
export const burnableCycles = (balance: bigint, threshold: bigint, amount: bigint): bigint =>
  smaller(amount, liquidBalance(balance, threshold))
