import { describe, expect, test } from 'vitest'
import {
  callPrepayment,
  canisterCreationFee,
  chainKeyFee,
  compileInstructions,
  createPricing,
  executionBaseFee,
  fetchLogsFee,
  httpOutcallFee,
  ingressInduction,
  instructionCharges,
  instructionsCost,
  maxFetchLogsFee,
  maxOutcallUsageFee,
  outcallBaseFee,
  outcallConsensusFee,
  outcallEstimate,
  outcallReplicaFee,
  responseRefund,
  snapshotDataInstructions,
  type PricingOptions,
} from '../src/index.ts'

const on = (options: Partial<PricingOptions> = {}) => createPricing({ profile: '2026', ...options })

describe('who pays nothing', () => {
  test.each<[string, Partial<PricingOptions>, bigint]>([
    ['a system subnet, except for chain keys', { subnetType: 'system' }, 10_000_000_000n],
    ['a subnet on the free schedule', { costSchedule: 'free' }, 0n],
  ])('%s', (_name, options, key) => {
    const pricing = on(options)
    const free = [
      executionBaseFee(pricing),
      instructionsCost(pricing, 1_000_000n, 'wasm64'),
      ingressInduction(pricing, 300),
      callPrepayment(pricing, { methodNameBytes: 3, argumentBytes: 9, mode: 'wasm32' }).total,
      canisterCreationFee(pricing),
      httpOutcallFee(pricing, { requestBytes: 100 }),
      fetchLogsFee(pricing, 1_000),
    ]
    expect(free.every((fee) => fee === 0n)).toBe(true)
    expect(chainKeyFee(pricing, 'schnorr')).toBe(key)
  })

  test('pay-as-you-go outcalls are free there as well', () => {
    const usage = { downloadedBytes: 100, milliseconds: 100, transformInstructions: 1_300, transformedBytes: 50 }
    expect(outcallEstimate(on({ subnetType: 'system' }), 100, usage)).toBe(0n)
  })
})

describe('confidential machines', () => {
  test.each<[string, Partial<PricingOptions>, bigint]>([
    ['7 nodes cost what 13 others do', { subnetSize: 7, sev: true }, 5_000_000n],
    ['not before 2026', { subnetSize: 7, sev: true, profile: '2025' }, 2_692_307n],
    ['not without the feature', { subnetSize: 7 }, 2_692_307n],
  ])('%s', (_name, options, fee) => {
    expect(executionBaseFee(on(options))).toBe(fee)
  })

  test('system subnets keep the size of 13', () => {
    expect(chainKeyFee(on({ subnetSize: 7, sev: true, subnetType: 'system' }), 'ecdsa')).toBe(5_384_615_384n)
  })
})

describe('wrong options', () => {
  test.each([0, -1, 1.5, Number.NaN])('a subnet of %d nodes is refused', (subnetSize) => {
    expect(() => on({ subnetSize })).toThrow(RangeError)
  })

  test('an unknown profile is refused by name', () => {
    const options: PricingOptions = JSON.parse('{"profile":"2024"}')
    expect(() => createPricing(options)).toThrow('Unknown price profile "2024"')
  })
})

test('a chain key on another subnet costs by that subnet', () => {
  expect(chainKeyFee(on(), 'vetkd', 34)).toBe(26_153_846_153n)
})

test('a response larger than what was prepaid refunds nothing', () => {
  expect(responseRefund(on(), { responseBytes: 10_485_760 })).toBe(0n)
})

describe('reading logs', () => {
  // (base + per byte * bytes) * nodes, never divided by 13.
  test.each([
    ['2025', 13, 1_000, 23_400_000n],
    ['2026', 13, 1_000, 66_040_000n],
    ['2026', 34, 0, 170_000_000n],
  ] as const)('%s, %i nodes, %i bytes', (profile, subnetSize, bytes, fee) => {
    expect(fetchLogsFee(createPricing({ profile, subnetSize }), bytes)).toBe(fee)
  })

  test('a call attaches the fee of the largest reply', () => {
    expect(maxFetchLogsFee(on())).toBe((5_000_000n + 80n * 2_000_000n) * 13n)
  })
})

describe('instruction-priced management calls', () => {
  test.each([
    ['a chunk', instructionCharges.uploadChunk, 200_000_000n],
    ['1 MiB of snapshot data', snapshotDataInstructions(1_048_576n), 6_048_576n],
    ['compiling 1_000 opcodes', compileInstructions(1_000n), 6_000_000n],
  ])('%s', (_name, instructions, cycles) => {
    expect(instructionsCost(on(), instructions, 'wasm32')).toBe(cycles)
  })
})

describe('pay-as-you-go outcalls, 13 nodes', () => {
  const usage = { downloadedBytes: 1_000, milliseconds: 200, transformInstructions: 13_012, transformedBytes: 500 }

  test.each([
    ['all nodes', { kind: 'full' }, 13n * (1_000_000n + 5_000n + 1_820_000n + 135_200n)],
    [
      'a group, three answers',
      { kind: 'flexible', totalRequests: 13, minResponses: 3, maxResponses: 13 },
      13n * (1_000_000n + 5_000n + 1_170_000n + 78_000n + 300_000n),
    ],
    ['one node', { kind: 'none' }, 13n * (1_000_000n + 5_000n + 1_170_000n + 26_000n + 100_000n)],
  ] as const)('base fee: %s', (_name, replication, fee) => {
    expect(outcallBaseFee(on(), 100, replication)).toBe(fee)
  })

  test('a replica pays for bytes, time and transform; gossip only when not all answer', () => {
    expect(outcallReplicaFee(on(), usage, { kind: 'full' })).toBe(50_000n + 60_000n + 1_000n)
    expect(outcallReplicaFee(on(), usage, { kind: 'none' })).toBe(50_000n + 60_000n + 1_000n + 50n * 500n * 13n)
  })

  test('consensus: a response beyond the paid ones costs extra', () => {
    expect(outcallConsensusFee(on(), [100], { kind: 'full' })).toBe(949_000n)
    const two = 9_490n * (181n + 10n + 181n + 20n)
    expect(outcallConsensusFee(on(), [10, 20], { kind: 'flexible', totalRequests: 2, minResponses: 2, maxResponses: 2 })).toBe(two)
    expect(outcallConsensusFee(on(), [10, 20], { kind: 'flexible', totalRequests: 2, minResponses: 1, maxResponses: 2 })).toBe(
      two + 13n * 126_000n,
    )
  })

  // Figures that the documentation of the network read from `ic0.cost_http_request_v2`: 13 nodes, a request of 200 bytes.
  const declared = { downloadedBytes: 4_000, milliseconds: 300, transformInstructions: 1_000_000, transformedBytes: 5_024 }
  test.each([
    ['nothing declared but 4_000 bytes', { ...declared, milliseconds: 60_000, transformInstructions: 5_000_000_000 }, 5_344_015_469n],
    ['time and transform declared', declared, 112_185_476n],
    ['everything declared', { ...declared, downloadedBytes: 2_000, transformedBytes: 2_000 }, 69_433_156n],
  ])('the estimate as published: %s', (_name, expected, cycles) => {
    expect(outcallEstimate(on(), 200, expected)).toBe(cycles)
  })

  test('the estimate never goes below a reject, which may take the place of any response', () => {
    const of = (transformedBytes: number) => outcallEstimate(on(), 100, { ...usage, transformedBytes })
    expect(of(0)).toBe(of(1_025))
    expect(of(1_026)).toBeGreaterThan(of(1_025))
  })

  test('the estimate of a group counts every node that asks, and what they tell each other', () => {
    const counts = { kind: 'flexible', totalRequests: 4, minResponses: 3, maxResponses: 4 } as const
    const bytes = 2_000n
    const consensus = 9_490n * 4n * (181n + bytes) + 13n * 126_000n
    const replica = 50_000n + 60_000n + 1_000n + 50n * bytes * 13n + (consensus + 3n) / 4n
    const base = 13n * (1_000_000n + 5_000n + 1_170_000n + 78_000n + 300_000n)
    expect(outcallEstimate(on(), 100, { ...usage, transformedBytes: bytes }, counts)).toBe(base + 4n * replica)
  })

  test('nobody pays for the delivery of what is not delivered', () => {
    const silent = { kind: 'flexible', totalRequests: 4, minResponses: 0, maxResponses: 0 } as const
    const replica = 50_000n + 60_000n + 1_000n + 50n * 1_025n * 13n
    expect(outcallEstimate(on(), 100, usage, silent)).toBe(13n * (1_000_000n + 5_000n + 1_170_000n) + 4n * replica)
  })

  test('what can be used at most goes by the longest answer, the longest wait and the longest transform', () => {
    const longest = { downloadedBytes: 4_000, milliseconds: 60_000, transformInstructions: 5_000_000_000, transformedBytes: 5_024 }
    const full = { kind: 'full' } as const
    expect(maxOutcallUsageFee(on(), full, 4_000)).toBe(outcallEstimate(on(), 200, longest) - outcallBaseFee(on(), 200, full))
  })
})
