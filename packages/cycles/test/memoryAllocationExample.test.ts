import { describe, expect, test } from 'vitest'
import { createPricing, exampleVariant, gib, memoryAllocationExample, type ExampleState, type ExampleVariant } from '../src/index.ts'

const pricing = createPricing({ profile: '2026' })

/** Usage and charged size in GiB, and how the step's growth ended. */
const told = ({ memoryUsageBytes, chargedBytes, check }: ExampleState) => {
  const outcome = check === undefined ? 'start' : check.ok ? 'grown' : check.reason
  return `${memoryUsageBytes / gib} used, ${chargedBytes / gib} charged: ${outcome}`
}

test('100 GiB allocated, 96 used, 2 more, 6 more: before the change and now', () => {
  expect(memoryAllocationExample(pricing).map(({ title, before, now }) => [title, told(before), told(now)])).toEqual([
    ['100 GiB allocated, 96 GiB used', '96 used, 100 charged: start', '96 used, 100 charged: start'],
    ['Grow by 2 GiB', '98 used, 100 charged: grown', '98 used, 100 charged: grown'],
    ['Grow by 6 GiB', '98 used, 100 charged: allocation_cap', '104 used, 104 charged: grown'],
  ])
})

test('the bill follows the charged size', () => {
  expect(memoryAllocationExample(pricing).map(({ now }) => [now.cyclesPerDay, now.freezingThreshold])).toEqual([
    [2_744_064_000_000n, 82_321_920_000_000n],
    [2_744_064_000_000n, 82_321_920_000_000n],
    [2_853_792_000_000n, 85_613_760_000_000n],
  ])
})

describe('the last growth', () => {
  const subnets = [
    ['2026', 13],
    ['2025', 13],
    ['2026', 34],
    ['2026', 1],
  ] as const
  const endings: readonly (readonly [ExampleVariant, string])[] = [
    ['success', '104 used, 104 charged: grown'],
    ['reserves', '104 used, 104 charged: grown'],
    ['subnet_full', '98 used, 100 charged: subnet_memory'],
    ['would_freeze', '98 used, 100 charged: freezing'],
    ['cannot_reserve', '98 used, 100 charged: reserved_limit'],
  ]
  const cases = subnets.flatMap(([profile, subnetSize]) => endings.map(([variant, ending]) => ({ profile, subnetSize, variant, ending })))

  test.each(cases)('$profile, $subnetSize nodes, $variant: $ending', ({ profile, subnetSize, variant, ending }) => {
    const prices = createPricing({ profile, subnetSize })
    const steps = memoryAllocationExample(prices, exampleVariant(prices, variant))
    expect(steps.slice(1).map(({ now }) => told(now))).toEqual(['98 used, 100 charged: grown', ending])
    expect(steps.slice(1).map(({ before }) => told(before))).toEqual([
      '98 used, 100 charged: grown',
      '98 used, 100 charged: allocation_cap',
    ])
  })

  test('above the subnet threshold cycles move to the reserved balance and the subnet fills by the part beyond the allocation', () => {
    const [, grown, last] = memoryAllocationExample(pricing, exampleVariant(pricing, 'reserves'))
    expect(grown?.now.reservedBalance).toBe(0n)
    expect(last?.now.reservedBalance).toBe(15_263_471_505_000n)
    expect(last?.now.balance).toBe(84_736_528_495_000n)
    expect(last?.now.subnetUsageBytes).toBe(804n * gib)
    // Reserved cycles count toward the days of the threshold, so less must stay in the main balance.
    expect(last?.now.freezingThreshold).toBe(85_613_760_000_000n - 15_263_471_505_000n)
  })
})

test('sliders: any figure can be moved', () => {
  const steps = memoryAllocationExample(pricing, { memoryAllocationBytes: 0n, memoryUsageBytes: 3n * gib, growthsBytes: [gib] })
  expect(steps.map(({ title, before, now }) => [title, told(before), told(now)])).toEqual([
    ['0 bytes allocated, 3 GiB used', '3 used, 3 charged: start', '3 used, 3 charged: start'],
    ['Grow by 1 GiB', '4 used, 4 charged: grown', '4 used, 4 charged: grown'],
  ])
})
