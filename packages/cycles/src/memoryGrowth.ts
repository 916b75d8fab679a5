import { saturatingSubtract } from './amounts.ts'
import { freezingThreshold } from './freezing.ts'
import type { Account, GrowthCase, GrowthCheck, GrowthFigures, GrowthRefusal, Shortfall, SubnetMemory } from './growth.ts'
import { describeGrowth } from './growthSteps.ts'
import type { Pricing } from './pricing.ts'
import { storageReservation } from './reservation.ts'
import { chargedBytes } from './resources.ts'

export type GrowthRequest = {
  readonly growthBytes: bigint
  readonly account: Account
  readonly subnet: SubnetMemory
  /** Response and cleanup callbacks may grow memory below the freezing threshold. */
  readonly skipFreezingCheck?: boolean
  /** The rule before the change of 2025: an allocation above 0 was also a cap. For comparison only. */
  readonly allocationCapsUsage?: boolean
}

/** A new memory allocation for a canister, in bytes; 0 gives it up. */
export type AllocationRequest = {
  readonly allocationBytes: bigint
  readonly account: Account
  readonly subnet: SubnetMemory
}

const figuresOf = (pricing: Pricing, before: Account, after: Account, subnet: SubnetMemory): GrowthFigures => {
  const chargedBefore = chargedBytes(before.memoryAllocationBytes, before.memoryUsageBytes)
  const chargedAfter = chargedBytes(after.memoryAllocationBytes, after.memoryUsageBytes)
  const newBytes = saturatingSubtract(chargedAfter, chargedBefore)
  const { usageBytes, thresholdBytes, capacityBytes } = subnet
  return {
    newBytes,
    chargedBefore,
    chargedAfter,
    freezingThreshold: freezingThreshold(pricing, after),
    reservation: storageReservation(pricing, { subnetUsageBytes: usageBytes, thresholdBytes, capacityBytes }, newBytes),
  }
}

/** What each check compares. */
const figuresCompared = (check: GrowthRefusal, { after, subnet, figures }: GrowthCase): Shortfall => {
  switch (check) {
    case 'allocation_cap':
      return { reason: check, needed: after.memoryUsageBytes, available: after.memoryAllocationBytes }
    case 'freezing':
      return { reason: check, needed: figures.freezingThreshold, available: after.balance }
    case 'subnet_memory':
      return { reason: check, needed: figures.newBytes, available: subnet.availableBytes }
    case 'reserved_limit':
      return { reason: check, needed: after.reservedBalance + figures.reservation, available: after.reservedCyclesLimit }
    case 'balance':
      return { reason: check, needed: figures.reservation, available: after.balance }
  }
}

/** A canister that takes nothing from the subnet, or reserves nothing, cannot fail for lack of either. */
const applies = (check: GrowthRefusal, { figures }: GrowthCase): boolean => {
  if (check === 'subnet_memory') return figures.newBytes > 0n
  if (check === 'reserved_limit' || check === 'balance') return figures.reservation > 0n
  return true
}

const judge = (growth: GrowthCase, checks: readonly GrowthRefusal[], skipped: readonly GrowthRefusal[]): GrowthCheck => {
  const refused = checks
    .filter((check) => !skipped.includes(check) && applies(check, growth))
    .map((check) => figuresCompared(check, growth))
    .find(({ needed, available }) => needed > available)
  const { figures, after } = growth
  const words = () => describeGrowth(growth, checks, skipped, refused)
  if (refused === undefined) {
    return {
      ok: true,
      ...figures,
      balanceAfter: after.balance - figures.reservation,
      reservedAfter: after.reservedBalance + figures.reservation,
      get steps() {
        return words()
      },
    }
  }
  return {
    ok: false,
    ...figures,
    ...refused,
    missing: refused.needed - refused.available,
    get steps() {
      return words()
    },
  }
}

/**
 * Whether a canister may use `growthBytes` more memory, what that takes and, in words, why.
 * Checked in the network's order: freezing threshold at the new size (`InsufficientCyclesInMemoryGrow`), free
 * subnet memory (`OutOfMemory`), reserved cycles limit (`ReservedCyclesLimitExceededInMemoryGrow`), balance for
 * the reservation (`InsufficientCyclesInMemoryGrow`).
 *
 * @throws RangeError when the growth is negative: freeing memory needs no permission and returns no cycles.
 */
export const checkMemoryGrowth = (pricing: Pricing, request: GrowthRequest): GrowthCheck => {
  const { growthBytes, account, subnet, skipFreezingCheck = false, allocationCapsUsage = false } = request
  if (growthBytes < 0n) throw new RangeError(`Growth must not be negative, got ${growthBytes} bytes`)
  const after = { ...account, memoryUsageBytes: account.memoryUsageBytes + growthBytes }
  const figures = figuresOf(pricing, account, after, subnet)
  const capped = allocationCapsUsage && account.memoryAllocationBytes > 0n
  const checks: readonly GrowthRefusal[] = ['freezing', 'subnet_memory', 'reserved_limit', 'balance']
  return judge(
    { before: account, after, subnet, figures },
    capped ? ['allocation_cap', ...checks] : checks,
    skipFreezingCheck ? ['freezing'] : [],
  )
}

/**
 * Whether a canister may set this memory allocation. Raising it runs the checks of a growth in the order of
 * `update_settings`: subnet memory, freezing, reserved limit, balance; lowering it is always allowed.
 */
export const checkAllocationChange = (pricing: Pricing, request: AllocationRequest): GrowthCheck => {
  const { allocationBytes, account, subnet } = request
  const after = { ...account, memoryAllocationBytes: allocationBytes }
  const growth = { before: account, after, subnet, figures: figuresOf(pricing, account, after, subnet) }
  const lowers = allocationBytes <= account.memoryAllocationBytes
  return judge(growth, ['subnet_memory', 'freezing', 'reserved_limit', 'balance'], lowers ? ['freezing'] : [])
}
