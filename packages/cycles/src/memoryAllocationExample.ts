import { larger } from './amounts.ts'
import { announcedSituation, type ExampleSituation } from './exampleSituations.ts'
import { formatBytes } from './format.ts'
import { freezingThreshold } from './freezing.ts'
import type { Account, GrowthCheck, SubnetMemory } from './growth.ts'
import { checkMemoryGrowth } from './memoryGrowth.ts'
import type { Pricing } from './pricing.ts'
import { chargedBytes, idleCyclesBurnedPerDay } from './resources.ts'

/** The canister after one step. */
export type ExampleState = {
  readonly memoryUsageBytes: bigint
  readonly chargedBytes: bigint
  readonly cyclesPerDay: bigint
  readonly freezingThreshold: bigint
  readonly balance: bigint
  readonly reservedBalance: bigint
  readonly subnetUsageBytes: bigint
  /** How the growth of this step was decided; absent in the first state. */
  readonly check?: GrowthCheck
}

export type ExampleStep = {
  readonly title: string
  readonly growthBytes: bigint
  /** With today's rule: an allocation is a guarantee. */
  readonly now: ExampleState
  /** With the rule before the change of 2025: an allocation is also a cap. */
  readonly before: ExampleState
}

type Held = { readonly account: Account; readonly subnetUsageBytes: bigint }

const start = (situation: ExampleSituation): Held => ({
  account: {
    memoryAllocationBytes: situation.memoryAllocationBytes,
    memoryUsageBytes: situation.memoryUsageBytes,
    balance: situation.balance,
    reservedBalance: 0n,
    reservedCyclesLimit: situation.reservedCyclesLimit,
    freezingThresholdSeconds: situation.freezingThresholdSeconds,
  },
  subnetUsageBytes: situation.subnetUsageBytes,
})

const stateOf = (pricing: Pricing, { account, subnetUsageBytes }: Held, check?: GrowthCheck): ExampleState => ({
  memoryUsageBytes: account.memoryUsageBytes,
  chargedBytes: chargedBytes(account.memoryAllocationBytes, account.memoryUsageBytes),
  cyclesPerDay: idleCyclesBurnedPerDay(pricing, account),
  freezingThreshold: freezingThreshold(pricing, account),
  balance: account.balance,
  reservedBalance: account.reservedBalance,
  subnetUsageBytes,
  ...(check === undefined ? {} : { check }),
})

const subnetOf = (situation: ExampleSituation, subnetUsageBytes: bigint): SubnetMemory => ({
  usageBytes: subnetUsageBytes,
  availableBytes: larger(situation.subnetCapacityBytes - subnetUsageBytes, 0n),
  thresholdBytes: situation.subnetThresholdBytes,
  capacityBytes: situation.subnetCapacityBytes,
})

const applied = (held: Held, growthBytes: bigint, check: GrowthCheck): Held =>
  check.ok
    ? {
        account: {
          ...held.account,
          memoryUsageBytes: held.account.memoryUsageBytes + growthBytes,
          balance: check.balanceAfter,
          reservedBalance: check.reservedAfter,
        },
        subnetUsageBytes: held.subnetUsageBytes + check.newBytes,
      }
    : held

/**
 * The memory-allocation example step by step, under both rules. Nothing is charged for time between the steps,
 * so each state differs by the growth alone; a refused growth leaves the state as it was.
 *
 * @param changes - What differs from `announcedSituation`.
 */
export const memoryAllocationExample = (pricing: Pricing, changes: Partial<ExampleSituation> = {}): readonly ExampleStep[] => {
  const situation = { ...announcedSituation(pricing), ...changes }
  const grow = (held: Held, growthBytes: bigint, allocationCapsUsage: boolean): { held: Held; state: ExampleState } => {
    const subnet = subnetOf(situation, held.subnetUsageBytes)
    const check = checkMemoryGrowth(pricing, { growthBytes, account: held.account, subnet, allocationCapsUsage })
    const after = applied(held, growthBytes, check)
    return { held: after, state: stateOf(pricing, after, check) }
  }
  let now = start(situation)
  let before = now
  const allocated = formatBytes(situation.memoryAllocationBytes)
  const steps: ExampleStep[] = [
    {
      title: `${allocated} allocated, ${formatBytes(situation.memoryUsageBytes)} used`,
      growthBytes: 0n,
      now: stateOf(pricing, now),
      before: stateOf(pricing, before),
    },
  ]
  for (const growthBytes of situation.growthsBytes) {
    const nowGrown = grow(now, growthBytes, false)
    const beforeGrown = grow(before, growthBytes, true)
    now = nowGrown.held
    before = beforeGrown.held
    steps.push({ title: `Grow by ${formatBytes(growthBytes)}`, growthBytes, now: nowGrown.state, before: beforeGrown.state })
  }
  return steps
}
