import { larger, saturatingSubtract } from './amounts.ts'
import { formatBytes, formatCyclesExactly, formatDuration } from './format.ts'
import { freezingLimit } from './freezing.ts'
import type { Account, GrowthCheck, SubnetMemory } from './growth.ts'
import { checkAllocationChange } from './memoryGrowth.ts'
import type { Pricing } from './pricing.ts'
import { resourceCharge } from './resources.ts'

export type PlanRequest = {
  /** Growth to guarantee, on top of today's usage. */
  readonly growthBytes: bigint
  /** How long the guarantee must hold while the canister spends nothing but resource fees. */
  readonly seconds: bigint
  readonly account: Account
  readonly subnet: SubnetMemory
}

export type AllocationPlan = {
  /** The setting to make: usage plus growth, or 0 when there is no growth to guarantee. */
  readonly allocationBytes: bigint
  /** Resource fees over the span with this allocation; the same however much of the growth happens. */
  readonly cost: bigint
  /** Resource fees over the span without an allocation, at today's usage. */
  readonly costWithoutAllocation: bigint
  /** What the guarantee costs: the difference of the two. */
  readonly guaranteeCost: bigint
  /** Cycles reserved when the setting is made; they pay part of `cost`. */
  readonly reservation: bigint
  /** Main balance that pays for the span and leaves the canister unfrozen at its end. */
  readonly balanceNeeded: bigint
  /** What the main balance lacks of it. */
  readonly balanceMissing: bigint
  /** Whether the setting would be accepted now, and why. */
  readonly change: GrowthCheck
  readonly text: readonly string[]
}

const words = (request: PlanRequest, plan: Omit<AllocationPlan, 'text'>): readonly string[] => {
  const span = formatDuration(request.seconds)
  const setting =
    plan.allocationBytes === 0n
      ? 'No growth is asked for, so no allocation is needed: what is used is kept as long as it is paid for.'
      : `Allocate ${formatBytes(plan.allocationBytes)}: ${formatBytes(request.account.memoryUsageBytes)} used and ${formatBytes(request.growthBytes)} guaranteed. Less guarantees less; more costs more.`
  const cost = `Over ${span} that costs ${formatCyclesExactly(plan.cost)}, ${formatCyclesExactly(plan.guaranteeCost)} more than without an allocation.`
  const reserve =
    plan.reservation === 0n ? [] : [`${formatCyclesExactly(plan.reservation)} go to the reserved balance at once and pay the first fees.`]
  const balance =
    plan.balanceMissing === 0n
      ? `The balance covers the ${formatCyclesExactly(plan.balanceNeeded)} that this needs without freezing.`
      : `Without freezing this needs a balance of ${formatCyclesExactly(plan.balanceNeeded)}: short by ${formatCyclesExactly(plan.balanceMissing)}.`
  const refusal = plan.change.steps.filter((step) => step.verdict === 'failed').map((step) => `Not possible at present. ${step.text}`)
  return [setting, cost, ...reserve, balance, ...refusal]
}

/**
 * The cheapest memory allocation that guarantees a growth for a span of time. Storage is charged on the larger of
 * allocation and usage, so the cheapest is exactly usage plus growth, also when that is below the present setting.
 *
 * @throws RangeError when growth or span are negative.
 */
export const planAllocation = (pricing: Pricing, request: PlanRequest): AllocationPlan => {
  const { growthBytes, seconds, account, subnet } = request
  if (growthBytes < 0n || seconds < 0n) throw new RangeError('Growth and span must not be negative')
  const allocationBytes = growthBytes === 0n ? 0n : account.memoryUsageBytes + growthBytes
  const planned = { ...account, memoryAllocationBytes: allocationBytes }
  const change = checkAllocationChange(pricing, { allocationBytes, account, subnet })
  const cost = resourceCharge(pricing, planned, seconds).total
  const costWithoutAllocation = resourceCharge(pricing, { ...account, memoryAllocationBytes: 0n }, seconds).total
  const fees = saturatingSubtract(freezingLimit(pricing, planned) + cost, account.reservedBalance)
  const balanceNeeded = larger(fees, change.reservation)
  const plan = {
    allocationBytes,
    cost,
    costWithoutAllocation,
    guaranteeCost: cost - costWithoutAllocation,
    reservation: change.reservation,
    balanceNeeded,
    balanceMissing: saturatingSubtract(balanceNeeded, account.balance),
    change,
  }
  return { ...plan, text: words(request, plan) }
}
