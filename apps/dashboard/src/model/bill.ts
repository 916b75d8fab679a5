import {
  chargedBytes,
  checkMemoryGrowth,
  compareProfiles,
  explain,
  type Bill,
  type GrowthCheck,
  type ProfileComparison,
} from '@tidemark/cycles'
import { accountOf, pricingOf, subnetOf, type BillInputs } from './billInputs.ts'

/** The growth under one rule, and what the canister holds after it. */
export type RuleOutcome = {
  readonly check: GrowthCheck
  readonly usageAfterBytes: bigint
  readonly chargedAfterBytes: bigint
  readonly bill: Bill
}

/** What the bill panel shows, all of it worked out by `@tidemark/cycles`. */
export type BillView = {
  readonly inputs: BillInputs
  readonly chargedBytes: bigint
  /** The bill as it is, before the growth. */
  readonly bill: Bill
  /** Since the change of 2025 an allocation is a guarantee. */
  readonly now: RuleOutcome
  /** Before it, an allocation above 0 was also a cap. */
  readonly before: RuleOutcome
  /** The canister after the growth at the prices of 2025 and of 2026. */
  readonly profiles: ProfileComparison
}

const outcome = (inputs: BillInputs, allocationCapsUsage: boolean): RuleOutcome => {
  const pricing = pricingOf(inputs)
  const account = accountOf(inputs)
  const check = checkMemoryGrowth(pricing, { growthBytes: inputs.growthBytes, account, subnet: subnetOf(inputs), allocationCapsUsage })
  const usageAfterBytes = check.ok ? inputs.usageBytes + inputs.growthBytes : inputs.usageBytes
  const after = { ...account, memoryUsageBytes: usageAfterBytes, ...(check.ok ? { reservedBalance: check.reservedAfter } : {}) }
  return {
    check,
    usageAfterBytes,
    chargedAfterBytes: chargedBytes(inputs.allocationBytes, usageAfterBytes),
    bill: explain(pricing, after),
  }
}

/** Folds the inputs into everything that is shown of them. */
export const billOf = (inputs: BillInputs): BillView => {
  const account = accountOf(inputs)
  const now = outcome(inputs, false)
  return {
    inputs,
    chargedBytes: chargedBytes(inputs.allocationBytes, inputs.usageBytes),
    bill: explain(pricingOf(inputs), account),
    now,
    before: outcome(inputs, true),
    profiles: compareProfiles({ subnetSize: inputs.subnetSize }, { ...account, memoryUsageBytes: now.usageAfterBytes }),
  }
}
