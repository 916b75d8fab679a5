import { describe, expect, test } from 'vitest'
import {
  callPrepayment,
  createPricing,
  gib,
  idleCyclesBurnedPerDay,
  perCoreUsage,
  prepaidExecution,
  storageReservation,
  subnetMemory,
  type Profile,
} from '../src/index.ts'

const oneGib = { memoryAllocationBytes: 0n, memoryUsageBytes: gib }

describe('1 GiB without an allocation', () => {
  test.each<[Profile, number, bigint, bigint, bigint]>([
    ['2025', 13, 10_972_800_000n, 329_184_000_000n, 4_005_072_000_000n],
    ['2026', 13, 28_296_000_000n, 848_880_000_000n, 10_328_040_000_000n],
    ['2025', 34, 28_698_092_307n, 860_942_769_210n, 10_474_803_692_055n],
    ['2026', 34, 74_004_923_076n, 2_220_147_692_280n, 27_011_796_922_740n],
  ])('%s, %i nodes', (profile, subnetSize, day, month, year) => {
    const burned = idleCyclesBurnedPerDay(createPricing({ profile, subnetSize }), oneGib)
    expect([burned, burned * 30n, burned * 365n]).toEqual([day, month, year])
  })
})

describe('fixed part of a call', () => {
  test.each([
    [13, 'wasm32', 42_102_412_000n],
    [13, 'wasm64', 82_102_412_000n],
    [34, 'wasm32', 110_114_000_614n],
    [34, 'wasm64', 214_729_385_229n],
  ] as const)('%i nodes, %s', (subnetSize, mode, total) => {
    const pricing = createPricing({ profile: '2026', subnetSize })
    expect(callPrepayment(pricing, { methodNameBytes: 0, argumentBytes: 0, mode }).total).toBe(total)
  })
})

describe('prepayment at the instruction limit', () => {
  test.each([
    [13, 'wasm32', 40_000_000_000n, 40_005_000_000n],
    [13, 'wasm64', 40_000_000_000n, 80_005_000_000n],
    [34, 'wasm32', 40_000_000_000n, 104_628_461_538n],
    [34, 'wasm64', 40_000_000_000n, 209_243_846_153n],
    [13, 'wasm32', 300_000_000_000n, 300_005_000_000n],
  ] as const)('%i nodes, %s, %i instructions', (subnetSize, mode, limit, prepaid) => {
    expect(prepaidExecution(createPricing({ profile: '2025', subnetSize }), limit, mode)).toBe(prepaid)
  })
})

describe('reservation for 1 GiB more', () => {
  // Subnet usage in GiB; 2025 and 2026 on 13 nodes, 2026 on 34 nodes, 2026 on 13 nodes as one of four cores sees it.
  test.each([
    [750, 14_676_374_000n, 36_690_935_000n, 95_960_906_923n, 146_764_057_500n],
    [751, 44_029_122_000n, 110_072_805_000n, 287_882_720_769n, 220_146_403_750n],
    [800, 1_482_316_314_000n, 3_705_790_785_000n, 9_692_068_206_923n, 3_815_867_876_250n],
    [900, 4_417_596_194_000n, 11_043_990_485_000n, 28_884_282_806_923n, 11_154_087_737_500n],
    [1024, 8_057_378_221_000n, 20_143_445_552_500n, 52_682_857_598_846n, 20_253_475_177_500n],
    [1200, 13_223_493_238_000n, 33_058_733_095_000n, 86_461_301_940_769n, 33_168_734_780_000n],
    [1400, 19_093_995_848_000n, 47_734_989_620_000n, 124_845_357_467_692n, 47_845_166_247_500n],
    [1600, 24_964_555_735_000n, 62_411_389_337_500n, 163_229_787_498_077n, 62_521_529_928_750n],
    [1800, 30_835_248_972_000n, 77_088_122_430_000n, 201_615_089_432_308n, 77_198_028_865_000n],
    [2000, 36_705_834_259_000n, 91_764_585_647_500n, 239_999_685_539_616n, 91_874_460_332_500n],
    [2047, 38_085_421_797_000n, 95_213_554_492_500n, 249_020_065_595_769n, undefined],
  ])('subnet at %i GiB', (usedGib, old, current, large, perCore) => {
    const { thresholdBytes, capacityBytes, schedulerCores } = subnetMemory
    const subnet = { subnetUsageBytes: BigInt(usedGib) * gib, thresholdBytes, capacityBytes }
    const on = (profile: Profile, subnetSize: number): bigint => storageReservation(createPricing({ profile, subnetSize }), subnet, gib)
    expect([on('2025', 13), on('2026', 13), on('2026', 34)]).toEqual([old, current, large])
    if (perCore !== undefined) {
      expect(storageReservation(createPricing({ profile: '2026' }), perCoreUsage(subnet, schedulerCores), gib)).toBe(perCore)
    }
  })
})
