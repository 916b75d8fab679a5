import { describe, expect, test } from 'vitest'
import {
  checkAllocationChange,
  checkMemoryGrowth,
  compareProfiles,
  createPricing,
  explain,
  formatBytes,
  formatCycles,
  formatCyclesExactly,
  formatDuration,
  gib,
  planAllocation,
  type Account,
  type GrowthCheck,
} from '../src/index.ts'

const pricing = createPricing({ profile: '2026' })
const day = 86_400n

const account: Account = {
  memoryAllocationBytes: 100n * gib,
  memoryUsageBytes: 98n * gib,
  balance: 100_000_000_000_000n,
  reservedBalance: 0n,
  reservedCyclesLimit: 5_000_000_000_000n,
  freezingThresholdSeconds: 30n * day,
}

const subnetAt = (usedGib: bigint) => ({
  usageBytes: usedGib * gib,
  availableBytes: (2_048n - usedGib) * gib,
  thresholdBytes: 750n * gib,
  capacityBytes: 2_048n * gib,
})

const told = (check: GrowthCheck): readonly string[] => check.steps.map((step) => `${step.check} ${step.verdict}: ${step.text}`)

describe('a growth is explained check by check', () => {
  const grow = (changes: Partial<Account>, usedGib: bigint) =>
    checkMemoryGrowth(pricing, { growthBytes: 6n * gib, account: { ...account, ...changes }, subnet: subnetAt(usedGib) })

  test('granted below the threshold of the subnet', () => {
    expect(told(grow({}, 700n))).toEqual([
      'size note: Usage goes from 98 GiB to 104 GiB; the allocation is 100 GiB. Storage is charged on the larger of the two: 100 GiB before, 104 GiB after.',
      'freezing passed: The balance of 100_000_000_000_000 cycles is not below the freezing threshold at 104 GiB, 85_613_760_000_000 cycles (30 days of resource fees).',
      'subnet_memory passed: 4 GiB beyond what is charged already must come from the subnet, which has 1348 GiB free.',
      'reserved_limit passed: The subnet would hold 704 GiB, not above its threshold of 750 GiB, so nothing is reserved.',
      'balance passed: There is no reservation to pay.',
    ])
  })

  test.each<[string, Partial<Account>, bigint, string]>([
    [
      'freezing',
      { balance: 80_000_000_000_000n },
      700n,
      'freezing failed: The canister would be frozen: its balance of 80_000_000_000_000 cycles is below the freezing threshold at 104 GiB, 85_613_760_000_000 cycles (30 days of resource fees). It is short by 5_613_760_000_000 cycles.',
    ],
    [
      'subnet memory',
      {},
      2_045n,
      'subnet_memory failed: 4 GiB beyond what is charged already must come from the subnet, which has only 3 GiB free: short by 1 GiB.',
    ],
    [
      'reserved limit',
      {},
      800n,
      'reserved_limit failed: The subnet would hold 804 GiB, above its threshold of 750 GiB, so 15_263_471_505_000 cycles must be reserved. Refused: the reserved cycles limit is 5_000_000_000_000 cycles, 10_263_471_505_000 cycles too low.',
    ],
    [
      'reserved limit with a reserve',
      { reservedBalance: 1_000_000_000_000n },
      800n,
      'reserved_limit failed: The subnet would hold 804 GiB, above its threshold of 750 GiB, so 15_263_471_505_000 cycles must be reserved. With 1_000_000_000_000 cycles reserved before that is 16_263_471_505_000 cycles. Refused: the reserved cycles limit is 5_000_000_000_000 cycles, 11_263_471_505_000 cycles too low.',
    ],
    [
      'balance',
      { reservedCyclesLimit: 10n ** 15n, freezingThresholdSeconds: 0n, balance: 15_000_000_000_000n },
      800n,
      'balance failed: The balance of 15_000_000_000_000 cycles does not cover the reservation: short by 263_471_505_000 cycles.',
    ],
  ])('refused for %s', (_name, changes, usedGib, text) => {
    expect(told(grow(changes, usedGib)).filter((line) => line.includes(' failed: '))).toEqual([text])
  })

  test('a callback may grow below the freezing threshold', () => {
    const frozen = { ...account, balance: 0n }
    const check = checkMemoryGrowth(pricing, { growthBytes: gib, account: frozen, subnet: subnetAt(2_048n), skipFreezingCheck: true })
    expect(told(check).slice(1, 3)).toEqual([
      'freezing skipped: The freezing threshold is not checked: response callbacks may grow memory below it.',
      'subnet_memory passed: Nothing new is taken from the subnet, so it cannot lack memory for this.',
    ])
  })

  test('the rule before 2025', () => {
    const check = checkMemoryGrowth(pricing, { growthBytes: 6n * gib, account, subnet: subnetAt(700n), allocationCapsUsage: true })
    expect(told(check)[1]).toBe(
      'allocation_cap failed: Before the change of 2025 an allocation was also a cap: 104 GiB is more than the 100 GiB allocated by 4 GiB.',
    )
    expect(check).toMatchObject({ ok: false, reason: 'allocation_cap', needed: 104n * gib, available: 100n * gib, missing: 4n * gib })
  })

  test('freeing memory is not asked for', () => {
    expect(() => checkMemoryGrowth(pricing, { growthBytes: -1n, account, subnet: subnetAt(0n) })).toThrow(RangeError)
  })
})

describe('a change of the allocation', () => {
  const change = (allocationGib: bigint, usedGib: bigint, changes: Partial<Account> = {}) =>
    checkAllocationChange(pricing, { allocationBytes: allocationGib * gib, account: { ...account, ...changes }, subnet: subnetAt(usedGib) })

  test('subnet memory is checked before freezing', () => {
    expect(change(104n, 2_045n, { balance: 0n })).toMatchObject({ ok: false, reason: 'subnet_memory' })
    expect(change(104n, 700n, { balance: 0n })).toMatchObject({ ok: false, reason: 'freezing' })
  })

  test('lowered by a frozen canister on a full subnet', () => {
    expect(told(change(1n, 2_048n, { balance: 0n }))).toEqual([
      'size note: The allocation goes from 100 GiB to 1 GiB; usage is 98 GiB. Storage is charged on the larger of the two: 100 GiB before, 98 GiB after.',
      'subnet_memory passed: Nothing new is taken from the subnet, so it cannot lack memory for this.',
      'freezing skipped: The freezing threshold is not checked: an allocation may always be lowered.',
      'reserved_limit passed: Nothing new is taken from the subnet, so nothing is reserved.',
      'balance passed: There is no reservation to pay.',
    ])
  })
})

describe('a bill is explained line by line', () => {
  test('every part, on 34 nodes', () => {
    const canister = { ...account, messageMemoryBytes: 4n << 20n, computeAllocationPercent: 10, reservedBalance: 1_000_000_000_000n }
    expect(explain(createPricing({ profile: '2026', subnetSize: 34 }), canister).text).toEqual([
      '100 GiB allocated, 98 GiB used: storage is charged on the larger, 100 GiB.',
      'Storage: 100 GiB × 317_500 cycles per GiB and second × 86_400 seconds × 34/13 nodes = 7_174_523_076_923 cycles per day.',
      'Base cost: 10_000 cycles per second × 86_400 seconds × 34/13 nodes = 2_259_692_307 cycles per day.',
      'Message memory: 4 MiB × 317_500 cycles per GiB and second × 86_400 seconds × 34/13 nodes = 280_254_807 cycles per day.',
      'Compute allocation: 10 % × 10_000_000 cycles per percent and second × 86_400 seconds × 34/13 nodes = 22_596_923_076_923 cycles per day.',
      'Together 29_773_986_100_960 cycles per day, used or idle.',
      'Frozen below 892_219_583_028_800 cycles: 30 days of this, less 1_000_000_000_000 cycles held in reserve.',
    ])
  })

  test('a system subnet', () => {
    expect(explain(createPricing({ profile: '2026', subnetType: 'system' }), account).text).toEqual([
      '100 GiB allocated, 98 GiB used: storage is charged on the larger, 100 GiB.',
      'This subnet charges canisters nothing.',
      'Frozen below 0 cycles: 30 days of this.',
    ])
  })

  test('both profiles side by side', () => {
    const { bills, extraCyclesPerDay, permille } = compareProfiles({}, { ...account, memoryAllocationBytes: 0n, memoryUsageBytes: gib })
    expect([bills['2025'].cyclesPerDay, bills['2026'].cyclesPerDay]).toEqual([10_972_800_000n, 28_296_000_000n])
    expect([extraCyclesPerDay, permille]).toEqual([17_323_200_000n, 2_578n])
  })

  test('where nothing is charged there is no ratio', () => {
    expect(compareProfiles({ costSchedule: 'free' }, account).permille).toBe(null)
  })
})

describe('an allocation plan', () => {
  const plan = (growthGib: bigint, usedGib: bigint) =>
    planAllocation(pricing, { growthBytes: growthGib * gib, seconds: 365n * day, account, subnet: subnetAt(usedGib) })

  test('refused at present, with everything it needs', () => {
    const { text, ...figures } = plan(6n, 800n)
    expect(figures).toMatchObject({
      allocationBytes: 104n * gib,
      reservation: 15_263_471_505_000n,
      change: { ok: false, reason: 'reserved_limit' },
    })
    expect(text).toEqual([
      'Allocate 104 GiB: 98 GiB used and 6 GiB guaranteed. Less guarantees less; more costs more.',
      'Over 365 days that costs 1_041_634_080_000_000 cycles, 60_076_080_000_000 cycles more than without an allocation.',
      '15_263_471_505_000 cycles go to the reserved balance at once and pay the first fees.',
      'Without freezing this needs a balance of 1_127_247_840_000_000 cycles: short by 1_027_247_840_000_000 cycles.',
      'Not possible at present. The subnet would hold 804 GiB, above its threshold of 750 GiB, so 15_263_471_505_000 cycles must be reserved. Refused: the reserved cycles limit is 5_000_000_000_000 cycles, 10_263_471_505_000 cycles too low.',
    ])
  })

  test('a smaller growth is cheapest with a smaller allocation than today', () => {
    expect(plan(1n, 800n)).toMatchObject({ allocationBytes: 99n * gib, reservation: 0n, change: { ok: true } })
  })

  test('no growth needs no allocation', () => {
    expect(plan(0n, 800n)).toMatchObject({ allocationBytes: 0n, guaranteeCost: 0n })
    expect(plan(0n, 800n).text[0]).toContain('no allocation is needed')
  })

  test('negative wishes are refused', () => {
    expect(() => plan(-1n, 800n)).toThrow(RangeError)
  })
})

describe('figures carry their unit', () => {
  test.each<[bigint, string, string]>([
    [0n, '0 cycles', '0 cycles'],
    [999_999n, '999_999 cycles', '999_999 cycles'],
    [1_000_000n, '1 M cycles', '1_000_000 cycles'],
    [85_613_760_000_000n, '85.613 T cycles', '85_613_760_000_000 cycles'],
    [5_000_000_001n, '5.000 B cycles', '5_000_000_001 cycles'],
    [-1_500_000n, '-1.500 M cycles', '-1_500_000 cycles'],
  ])('%i cycles', (cycles, short, exact) => {
    expect([formatCycles(cycles), formatCyclesExactly(cycles)]).toEqual([short, exact])
  })

  test.each<[bigint, string]>([
    [1n, '1 byte'],
    [1_023n, '1023 bytes'],
    [65_536n, '64 KiB'],
    [5_000_000n, '4.76 MiB'],
    [3n * gib + 1n, '3.00 GiB'],
    [1_348n * gib, '1348 GiB'],
    [2_048n * gib, '2 TiB'],
    [-gib, '-1 GiB'],
  ])('%i bytes', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  test.each<[bigint, string]>([
    [0n, '0 seconds'],
    [59n, '59 seconds'],
    [3_600n, '1 hour'],
    [100_000n, '1 day 3 hours'],
    [86_405n, '1 day'],
    [2_592_000n, '30 days'],
    [300_000_000n, '3_472 days 5 hours'],
  ])('%i seconds', (span, text) => {
    expect(formatDuration(span)).toBe(text)
  })
})
