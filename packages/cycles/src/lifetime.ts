import { saturatingSubtract } from './amounts.ts'
import { freezingLimit, freezingThreshold, type FreezingInput } from './freezing.ts'
import { chargeIntervalSeconds } from './limits.ts'
import type { Pricing } from './pricing.ts'
import { resourceCharge } from './resources.ts'

/** An idle canister's future. Spans count from its last charge; `null` means never. */
export type Lifetime = {
  readonly frozen: boolean
  /** 0 when it is frozen already. */
  readonly secondsUntilFrozen: bigint | null
  /** When a charge can no longer be paid: code and state go, the id and the controllers stay. */
  readonly secondsUntilUninstalled: bigint | null
}

export type LifetimeInput = FreezingInput & { readonly balance: bigint }

/**
 * When an idle canister freezes and when it runs out, charged every ten seconds as the network does.
 * The reserved balance pays first, and the threshold rises as it shrinks, so both dates depend on the sum of
 * the two balances only.
 */
export const lifetime = (pricing: Pricing, input: LifetimeInput): Lifetime => {
  const held = input.balance + (input.reservedBalance ?? 0n)
  const limit = freezingLimit(pricing, input)
  const frozen = input.balance < freezingThreshold(pricing, input)
  const charge = resourceCharge(pricing, input, chargeIntervalSeconds).total
  if (charge === 0n) return { frozen, secondsUntilFrozen: frozen ? 0n : null, secondsUntilUninstalled: null }
  const secondsUntilBelow = (amount: bigint): bigint => ((held - amount) / charge + 1n) * chargeIntervalSeconds
  return { frozen, secondsUntilFrozen: frozen ? 0n : secondsUntilBelow(limit), secondsUntilUninstalled: secondsUntilBelow(0n) }
}

/**
 * Main balance that keeps an idle canister unfrozen for a span of seconds. Counted as one charge, which is never
 * less than what many short ones take.
 */
export const balanceToLast = (pricing: Pricing, input: FreezingInput, seconds: bigint): bigint =>
  saturatingSubtract(freezingLimit(pricing, input) + resourceCharge(pricing, input, seconds).total, input.reservedBalance ?? 0n)

/** Cycles to deposit so that a frozen canister runs again; 0 when it is not frozen. */
export const cyclesToThaw = (pricing: Pricing, input: LifetimeInput): bigint =>
  saturatingSubtract(freezingThreshold(pricing, input), input.balance)
