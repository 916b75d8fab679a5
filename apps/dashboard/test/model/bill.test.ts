import fc from 'fast-check'
import { announcedSituation, formatBytes, gib } from '@tidemark/cycles'
import { describe, expect, test } from 'vitest'
import { allocationStory, storyVariants } from '../../src/model/allocationStory.ts'
import { billOf } from '../../src/model/bill.ts'
import { inputsOfSample, inputsOfSituation, pricingOf, type BillInputs } from '../../src/model/billInputs.ts'
import { liveAgreement } from '../../src/model/liveAgreement.ts'
import { positionOf, scaleOf, valueAt } from '../../src/model/sliderScale.ts'
import { sampleOf } from '../samples.ts'

const prices = { profile: '2026', subnetSize: 13 } as const
const announced = (usageGib: bigint, growthGib: bigint): BillInputs =>
  inputsOfSituation(prices, announcedSituation(pricingOf(prices)), usageGib * gib, growthGib * gib)

describe('the announced example', () => {
  test('100 allocated, 96 in use, 98, 104: charged 100, 100, 100, 104', () => {
    const steps = allocationStory(prices, 'success')
    expect(steps.map(({ figure, chargedNow }) => [figure, chargedNow])).toEqual([
      ['100 GiB', '100 GiB'],
      ['96 GiB', '100 GiB'],
      ['98 GiB', '100 GiB'],
      ['104 GiB', '104 GiB'],
    ])
    expect(steps.map(({ okNow, okBefore }) => [okNow, okBefore])).toEqual([
      [true, true],
      [true, true],
      [true, true],
      [true, false],
    ])
  })

  test.each(storyVariants)('$label: the sliders of each step show what the story says', ({ variant }) => {
    for (const profile of ['2025', '2026'] as const) {
      for (const subnetSize of [13, 34]) {
        for (const { inputs, okNow, okBefore, chargedNow } of allocationStory({ profile, subnetSize }, variant)) {
          const view = billOf(inputs)
          expect([view.now.check.ok, view.before.check.ok]).toEqual([okNow, okBefore])
          expect(formatBytes(view.now.chargedAfterBytes)).toBe(chargedNow)
        }
      }
    }
  })

  test.each([
    { variant: 'subnet_full', failed: 'subnet_memory' },
    { variant: 'would_freeze', failed: 'freezing' },
    { variant: 'cannot_reserve', failed: 'reserved_limit' },
  ] as const)('$variant fails at $failed', ({ variant, failed }) => {
    const last = allocationStory(prices, variant).at(-1)
    const steps = last === undefined ? [] : billOf(last.inputs).now.check.steps
    expect(steps.find((step) => step.verdict === 'failed')?.check).toBe(failed)
  })
})

describe('the bill', () => {
  test('a refused growth leaves usage and charge as they were', () => {
    const { before } = billOf(announced(98n, 6n))
    expect(before).toMatchObject({ usageAfterBytes: 98n * gib, chargedAfterBytes: 100n * gib })
  })

  test('is charged on the larger of allocation and usage, whatever the sliders say', () => {
    const size = fc.bigInt(0n, 512n * gib)
    fc.assert(
      fc.property(size, size, size, (allocationBytes, usageBytes, growthBytes) => {
        const view = billOf({ ...announced(0n, 0n), allocationBytes, usageBytes, growthBytes })
        const used = view.now.usageAfterBytes
        expect(view.now.chargedAfterBytes).toBe(used > allocationBytes ? used : allocationBytes)
        expect(view.now.bill.chargedBytes).toBe(view.now.chargedAfterBytes)
        expect(view.profiles.bills[view.inputs.profile].cyclesPerDay).toBe(view.now.bill.cyclesPerDay)
      }),
    )
  })

  test('without an allocation both rules give the same answer', () => {
    const view = billOf({ ...announced(96n, 2n), allocationBytes: 0n })
    expect(view.before.check.ok).toBe(view.now.check.ok)
    expect(view.before.check.steps).toEqual(view.now.check.steps)
  })
})

describe('live figures', () => {
  const sample = sampleOf({ memoryBytes: 1n << 30n, idleCyclesBurnedPerDay: 28_296_000_000n })
  const inputs = inputsOfSample(announced(98n, 6n), sample)

  test('take the place of the sliders, but for what a status does not tell', () => {
    expect(inputs).toMatchObject({
      allocationBytes: 0n,
      usageBytes: 1n << 30n,
      balanceCycles: 3_000_000_000_000n,
      subnetUsageBytes: 700n * gib,
    })
    expect(inputs.growthBytes).toBe(65_536n)
  })

  test.each([
    { reported: 28_296_000_000n, matches: '2026' },
    { reported: 10_972_800_000n, matches: '2025' },
    { reported: 1n, matches: undefined },
  ])('a reported $reported cycles a day are the prices of $matches', ({ reported, matches }) => {
    expect(liveAgreement(inputs, sampleOf({ ...sample, idleCyclesBurnedPerDay: reported })).matches).toBe(matches)
  })
})

describe('sliders', () => {
  const names = [
    'allocationBytes',
    'usageBytes',
    'growthBytes',
    'subnetUsageBytes',
    'freezingThresholdSeconds',
    'balanceCycles',
    'reservedLimitCycles',
  ] as const

  test.each(names)('%s: stops rise, and every stop is where its value stands', (name) => {
    const { stops } = scaleOf(name)
    for (const [index, stop] of stops.entries()) {
      expect(stop).toBeGreaterThan(stops[index - 1] ?? -1n)
      expect(positionOf({ stops }, stop)).toBe(index)
      expect(valueAt({ stops }, index)).toBe(stop)
    }
  })

  test('the figures of the example are on the sliders', () => {
    const { allocationBytes, balanceCycles, reservedLimitCycles, freezingThresholdSeconds, subnetUsageBytes } = announced(98n, 6n)
    const figures = {
      allocationBytes,
      balanceCycles,
      reservedLimitCycles,
      freezingThresholdSeconds,
      subnetUsageBytes,
      usageBytes: 98n * gib,
      growthBytes: 6n * gib,
    }
    for (const name of names) expect(scaleOf(name).stops).toContain(figures[name])
  })

  test('a value between two stops stands on the lower one, one beyond the end on the last', () => {
    const scale = scaleOf('balanceCycles')
    expect(valueAt(scale, positionOf(scale, 2_998_000_000_000n))).toBe(2_500_000_000_000n)
    expect(positionOf(scale, 10n ** 30n)).toBe(scale.stops.length - 1)
  })
})
