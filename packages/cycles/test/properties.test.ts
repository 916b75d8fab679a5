import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  balanceToLast,
  chargeAtRates,
  checkAllocationChange,
  checkMemoryGrowth,
  createPricing,
  cyclesToThaw,
  dayRates,
  executionRefund,
  explain,
  freezingLimit,
  freezingThreshold,
  gib,
  idleCyclesBurnedPerDay,
  instructionsCost,
  lifetime,
  planAllocation,
  prepaidExecution,
  resourceCharge,
  storageReservation,
  subnetMemory,
  type Account,
  type Pricing,
} from '../src/index.ts'

const pricings: fc.Arbitrary<Pricing> = fc
  .record({ profile: fc.constantFrom('2025' as const, '2026' as const), subnetSize: fc.integer({ min: 1, max: 60 }), sev: fc.boolean() })
  .map(createPricing)

const bytes = fc.bigInt({ min: 0n, max: 600n * gib })
const cycles = fc.bigInt({ min: 0n, max: 10n ** 16n })
const seconds = fc.bigInt({ min: 0n, max: 40_000_000n })

const accounts: fc.Arbitrary<Account> = fc.record({
  memoryAllocationBytes: bytes,
  memoryUsageBytes: bytes,
  messageMemoryBytes: fc.bigInt({ min: 0n, max: gib }),
  computeAllocationPercent: fc.integer({ min: 0, max: 100 }),
  balance: cycles,
  reservedBalance: cycles,
  reservedCyclesLimit: cycles,
  freezingThresholdSeconds: seconds,
})

const subnets = fc.bigInt({ min: 0n, max: subnetMemory.capacityBytes }).map((usageBytes) => ({
  usageBytes,
  availableBytes: subnetMemory.capacityBytes - usageBytes,
  thresholdBytes: subnetMemory.thresholdBytes,
  capacityBytes: subnetMemory.capacityBytes,
}))

const mode = fc.constantFrom('wasm32' as const, 'wasm64' as const)

describe('execution', () => {
  test('a message never gets back more than it prepaid, and always pays for what it used', () => {
    fc.assert(
      fc.property(pricings, mode, fc.bigInt({ min: 0n, max: 3n * 10n ** 11n }), fc.nat({ max: 1_000 }), (pricing, kind, limit, share) => {
        const left = (limit * BigInt(share)) / 1_000n
        const prepaid = prepaidExecution(pricing, limit, kind)
        const net = prepaid - executionRefund(pricing, prepaid, left, kind)
        const exact = prepaidExecution(pricing, limit - left, kind)
        expect(net >= exact && net <= exact + 1n).toBe(true)
      }),
    )
  })

  test('more instructions never cost less', () => {
    fc.assert(
      fc.property(pricings, mode, cycles, cycles, (pricing, kind, a, b) => {
        expect(instructionsCost(pricing, a + b, kind) >= instructionsCost(pricing, a, kind)).toBe(true)
      }),
    )
  })
})

describe('storage', () => {
  test('holding more never costs less, and parts add up to the total', () => {
    fc.assert(
      fc.property(pricings, accounts, bytes, seconds, (pricing, account, more, span) => {
        const charge = resourceCharge(pricing, account, span)
        const larger = resourceCharge(pricing, { ...account, memoryUsageBytes: account.memoryUsageBytes + more }, span)
        expect(larger.total >= charge.total).toBe(true)
        expect(charge.storage + charge.base + charge.messageMemory + charge.compute).toBe(charge.total)
        expect(charge.storage + charge.base).toBe(charge.memory)
      }),
    )
  })

  test('many short charges take no more than one long charge, and at most a cycle per part and charge less', () => {
    fc.assert(
      fc.property(pricings, accounts, fc.bigInt({ min: 1n, max: 600n }), (pricing, account, charges) => {
        const rates = dayRates(pricing, account)
        const short = chargeAtRates(rates, 10n).total * charges
        const long = chargeAtRates(rates, 10n * charges).total
        expect(short <= long && long < short + 3n * charges + 1n).toBe(true)
      }),
    )
  })

  test('a whole day costs what status reports', () => {
    fc.assert(
      fc.property(pricings, accounts, (pricing, account) => {
        expect(resourceCharge(pricing, account, 86_400n).total).toBe(idleCyclesBurnedPerDay(pricing, account))
        expect(explain(pricing, account).cyclesPerDay).toBe(idleCyclesBurnedPerDay(pricing, account))
      }),
    )
  })
})

describe('reservation', () => {
  test('two growths reserve what one growth by their sum does', () => {
    fc.assert(
      fc.property(pricings, subnets, bytes, bytes, (pricing, { usageBytes, thresholdBytes, capacityBytes }, first, second) => {
        const from = (subnetUsageBytes: bigint) => ({ subnetUsageBytes, thresholdBytes, capacityBytes })
        const together = storageReservation(pricing, from(usageBytes), first + second)
        const apart = storageReservation(pricing, from(usageBytes), first) + storageReservation(pricing, from(usageBytes + first), second)
        expect(together).toBe(apart)
        expect(together >= 0n).toBe(true)
      }),
    )
  })

  test('nothing is reserved up to the threshold', () => {
    fc.assert(
      fc.property(pricings, fc.bigInt({ min: 0n, max: subnetMemory.thresholdBytes }), (pricing, usage) => {
        const { thresholdBytes, capacityBytes } = subnetMemory
        expect(storageReservation(pricing, { subnetUsageBytes: usage, thresholdBytes, capacityBytes }, thresholdBytes - usage)).toBe(0n)
      }),
    )
  })
})

describe('growth', () => {
  test('an allowed growth conserves cycles, keeps every limit and leaves the canister unfrozen', () => {
    fc.assert(
      fc.property(pricings, accounts, subnets, bytes, (pricing, account, subnet, growthBytes) => {
        const check = checkMemoryGrowth(pricing, { growthBytes, account, subnet })
        if (!check.ok) {
          expect(check.missing > 0n && check.needed - check.available === check.missing).toBe(true)
          expect(check.steps.filter((step) => step.verdict === 'failed').map((step) => step.check)).toEqual([check.reason])
          return
        }
        expect(check.balanceAfter + check.reservedAfter).toBe(account.balance + account.reservedBalance)
        expect(check.newBytes <= subnet.availableBytes).toBe(true)
        expect(check.reservation === 0n || check.reservedAfter <= account.reservedCyclesLimit).toBe(true)
        const after = { ...account, memoryUsageBytes: account.memoryUsageBytes + growthBytes, reservedBalance: check.reservedAfter }
        expect(check.balanceAfter >= freezingThreshold(pricing, after)).toBe(true)
        expect(check.steps.every((step) => step.verdict === 'passed' || step.verdict === 'note')).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('growth inside the allocation is refused only for freezing, and then the canister was frozen before', () => {
    fc.assert(
      fc.property(pricings, accounts, subnets, fc.nat({ max: 1_000 }), (pricing, account, subnet, share) => {
        const room = account.memoryAllocationBytes - account.memoryUsageBytes
        fc.pre(room > 0n)
        const check = checkMemoryGrowth(pricing, { growthBytes: (room * BigInt(share)) / 1_000n, account, subnet })
        expect(check.newBytes).toBe(0n)
        expect(check.reservation).toBe(0n)
        expect(check.ok).toBe(account.balance >= freezingThreshold(pricing, account))
        expect(checkMemoryGrowth(pricing, { growthBytes: room, account, subnet, skipFreezingCheck: true }).ok).toBe(true)
      }),
    )
  })

  test('an allocation that is lowered is never refused', () => {
    fc.assert(
      fc.property(pricings, accounts, subnets, fc.nat({ max: 1_000 }), (pricing, account, subnet, share) => {
        const allocationBytes = (account.memoryAllocationBytes * BigInt(share)) / 1_000n
        expect(checkAllocationChange(pricing, { allocationBytes, account, subnet }).ok).toBe(true)
      }),
    )
  })
})

describe('lifetime', () => {
  /** Charges one interval after another, reserved balance first, and watches what happens; for short lives only. */
  const live = (pricing: Pricing, account: Account, intervals: number): { frozenAt: bigint | null; gone: bigint | null } => {
    let { balance, reservedBalance } = account
    const charge = resourceCharge(pricing, account, 10n).total
    let frozenAt: bigint | null = balance < freezingThreshold(pricing, account) ? 0n : null
    for (let interval = 1; interval <= intervals; interval += 1) {
      if (balance + reservedBalance < charge) return { frozenAt: frozenAt ?? BigInt(interval) * 10n, gone: BigInt(interval) * 10n }
      const fromReserved = reservedBalance < charge ? reservedBalance : charge
      reservedBalance -= fromReserved
      balance -= charge - fromReserved
      if (frozenAt === null && balance < freezingThreshold(pricing, { ...account, reservedBalance })) frozenAt = BigInt(interval) * 10n
    }
    return { frozenAt, gone: null }
  }

  test('predicts what charging step by step does', () => {
    const poor = fc.record({ balance: fc.nat({ max: 20_000 }), reserved: fc.nat({ max: 20_000 }), threshold: fc.nat({ max: 500 }) })
    fc.assert(
      fc.property(pricings, poor, fc.nat({ max: 2_000_000 }), (pricing, { balance, reserved, threshold }, used) => {
        const account = {
          memoryAllocationBytes: 0n,
          memoryUsageBytes: BigInt(used),
          balance: BigInt(balance) * 10n,
          reservedBalance: BigInt(reserved) * 10n,
          reservedCyclesLimit: 0n,
          freezingThresholdSeconds: BigInt(threshold),
        }
        const seen = live(pricing, account, 500)
        const predicted = lifetime(pricing, account)
        const within = (at: bigint | null): bigint | null => (at !== null && at <= 5_000n ? at : null)
        expect(within(predicted.secondsUntilFrozen)).toBe(seen.frozenAt)
        expect(within(predicted.secondsUntilUninstalled)).toBe(seen.gone)
      }),
      { numRuns: 300 },
    )
  })

  test('a balance made to last does last, and thawing takes exactly what is missing', () => {
    fc.assert(
      fc.property(pricings, accounts, seconds, (pricing, account, span) => {
        const funded = { ...account, balance: balanceToLast(pricing, account, span) }
        const { frozen, secondsUntilFrozen } = lifetime(pricing, funded)
        expect(frozen).toBe(false)
        expect(secondsUntilFrozen === null || secondsUntilFrozen > span).toBe(true)
        const thawed = { ...account, balance: account.balance + cyclesToThaw(pricing, account) }
        expect(lifetime(pricing, thawed).frozen).toBe(false)
      }),
    )
  })
})

describe('planned allocation', () => {
  test('is the cheapest of all that guarantee the growth: each was tried', () => {
    const small = fc.record({ used: fc.nat({ max: 12 }), growth: fc.nat({ max: 12 }), present: fc.nat({ max: 24 }) })
    fc.assert(
      fc.property(pricings, small, fc.bigInt({ min: 1n, max: 10n ** 9n }), (pricing, { used, growth, present }, span) => {
        const unit = 1n << 30n
        const account = {
          memoryAllocationBytes: BigInt(present) * unit,
          memoryUsageBytes: BigInt(used) * unit,
          balance: 10n ** 30n,
          reservedBalance: 0n,
          reservedCyclesLimit: 10n ** 30n,
          freezingThresholdSeconds: 0n,
        }
        const room = { usageBytes: 0n, availableBytes: 100n * unit, thresholdBytes: 100n * unit, capacityBytes: 100n * unit }
        // A subnet on which nothing is left: only what an allocation has set aside can be had.
        const full = { usageBytes: 100n * unit, availableBytes: 0n, thresholdBytes: 100n * unit, capacityBytes: 100n * unit }
        const growthBytes = BigInt(growth) * unit
        const costs = Array.from({ length: 30 }, (_, n) => BigInt(n) * unit).flatMap((memoryAllocationBytes) => {
          const tried = { ...account, memoryAllocationBytes }
          const guaranteed = growthBytes === 0n || checkMemoryGrowth(pricing, { growthBytes, account: tried, subnet: full }).ok
          return guaranteed ? [resourceCharge(pricing, { ...tried, memoryUsageBytes: account.memoryUsageBytes }, span).total] : []
        })
        const plan = planAllocation(pricing, { growthBytes, seconds: span, account, subnet: room })
        expect(plan.cost).toBe(costs.reduce((least, cost) => (cost < least ? cost : least)))
      }),
    )
  })

  test('guarantees the growth for the whole span with the balance it asks for', () => {
    fc.assert(
      fc.property(pricings, accounts, subnets, bytes, seconds, (pricing, account, subnet, growthBytes, span) => {
        const plan = planAllocation(pricing, { growthBytes, seconds: span, account, subnet })
        const { reservation } = plan
        const reservedBalance = account.reservedBalance + reservation
        expect(plan.balanceNeeded >= reservation).toBe(true)
        const atEnd = {
          ...account,
          memoryAllocationBytes: plan.allocationBytes,
          reservedBalance,
          balance: plan.balanceNeeded - reservation,
        }
        expect(atEnd.balance + reservedBalance - plan.cost >= freezingLimit(pricing, atEnd)).toBe(true)
        const full = { ...subnet, availableBytes: 0n, usageBytes: subnet.capacityBytes }
        const grown = checkMemoryGrowth(pricing, { growthBytes, account: atEnd, subnet: full })
        expect(grown.ok).toBe(true)
      }),
    )
  })
})
