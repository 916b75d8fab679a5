/**
 * Growing memory on a running network: what is taken, what is reserved, and which check refuses.
 *
 * @see Interface specification, `memory_allocation` and `reserved_cycles_limit`.
 */
import { describe, expect, test } from 'vitest'
import type { Principal } from '@tidemark/types'
import {
  type Outcome,
  type Program,
  type TestNetwork,
  expectReject,
  expectReply,
  network,
  numberOf,
  program,
  universalCanister,
} from '../support/index.ts'
import { type BillingCase, casesOf, shownOtherwise } from './support/cases.ts'
import { takeMemory } from './support/ballast.ts'
import { defaultFreezingSeconds, fund, gib, installHolding, page, setSettings, startCycles, statusOf, usageOf } from './support/held.ts'

/** Memory that is taken from the start by nobody; with what a case's canister holds, still below the threshold. */
const virtualUsageBytes = 600n * gib
const balanceNow = () => program().amount('canister_cycle_balance128')

interface Situation {
  readonly net: TestNetwork
  readonly id: Principal
}

/** The canister of a case on a subnet as full as the case says. */
function situation(one: BillingCase): Situation {
  const subnetUsage = one.input('subnet_usage_bytes')
  const held = one.input('allocation_bytes') > one.input('usage_bytes') ? one.input('allocation_bytes') : one.input('usage_bytes')
  const isFull = subnetUsage > 700n * gib
  const net = network({ ...one.network, virtualUsageBytes: isFull ? virtualUsageBytes : subnetUsage - held })
  const cycles = (one.network.subnetSize === 34 ? 5n : 1n) * startCycles
  const id = net.create({ cycles, settings: { freezing_threshold: 0n, reserved_cycles_limit: one.input('reserved_cycles_limit') } })
  installHolding(net, id, one.input('usage_bytes'))
  setSettings(net, id, { memory_allocation: one.input('allocation_bytes') })
  setSettings(net, id, { freezing_threshold: one.input('freezing_threshold_seconds') })
  if (isFull) takeMemory(net, subnetUsage - virtualUsageBytes - held)
  return { net, id }
}

interface Grown {
  readonly outcome: Outcome
  /** As the canister sees it right before and right after; undefined when the message failed. */
  readonly balances: { readonly before: bigint; readonly after: bigint } | undefined
  readonly granted: boolean
}

function grow({ net, id }: Situation, bytes: bigint, inCallback: boolean): Grown {
  const body = balanceNow()
    .sys('stable64_grow', bytes / page)
    .op('int_to_blob')
    .op('concat')
    .then(balanceNow())
    .op('concat')
    .replyTop()
  const message: Program = inCallback ? program().callUpdate(id, program().reply(), { onReply: body }) : body
  const outcome = net.update(id, message)
  if (outcome.kind === 'reject') return { outcome, balances: undefined, granted: false }
  const { bytes: told } = outcome
  expect(told).toHaveLength(40)
  return {
    outcome,
    balances: { before: numberOf(told.subarray(0, 16)), after: numberOf(told.subarray(24)) },
    granted: numberOf(told.subarray(16, 24)) !== 2n ** 64n - 1n,
  }
}

/** Balance with which a message finds exactly so many cycles inside: learned from a growth by nothing. */
function outsideBalance(one: BillingCase, inCallback: boolean): bigint {
  const probe = situation(one)
  const guess = 2n * 10n ** 15n
  fund(probe.net, probe.id, guess)
  const { balances } = grow(probe, 0n, inCallback)
  return one.input('balance') + guess - (balances?.before ?? 0n)
}

describe('growing stable memory', () => {
  test.each(casesOf('growth'))('%s', (_, one) => {
    const inCallback = shownOtherwise[one.id]?.includes('in a callback') === true
    const outside = outsideBalance(one, inCallback)
    const now = situation(one)
    const { net, id } = now
    fund(net, id, outside)
    const burnedBefore = net.replica.cyclesLedger().burned
    const { outcome, balances, granted } = grow(now, one.input('growth_bytes'), inCallback)
    const usage = granted ? one.input('usage_bytes') + one.input('growth_bytes') : one.input('usage_bytes')
    expect(granted).toBe(one.expectedText('result') === 'ok')
    if (balances !== undefined) expect(balances).toEqual({ before: one.input('balance'), after: one.expected('balance_after') })
    else expect(net.balance(id) + net.replica.cyclesLedger().burned - burnedBefore).toBe(outside)
    expect(errorOf(outcome, granted)).toBe(expectedError(one))
    expect(net.canister(id).reservedBalance).toBe(one.expected('reserved_after'))
    net.topUp(id, 10n ** 16n)
    expect(usageOf(net, id)).toBe(usage)
    expect(statusOf(net, id).reserved_cycles).toBe(one.expected('reserved_after'))
  })
})

/** Name of the error in the cases. */
function errorOf(outcome: Outcome, granted: boolean): string {
  if (outcome.kind === 'reply') return granted ? '' : 'OutOfMemory'
  return expectReject(outcome).split(' ')[0] as string
}

function expectedError(one: BillingCase): string {
  // Frozen already at the size before.
  if (one.id === 'B42') return 'IC0207'
  const name = one.expectedText('fail_reason').split(':')[0] as string
  const codes: Record<string, string> = { InsufficientCyclesInMemoryGrow: 'IC0532', ReservedCyclesLimitExceededInMemoryGrow: 'IC0534' }
  return codes[name] ?? name
}

describe('the checks decide in their order', () => {
  // Each row takes one more obstacle away. Above what is taken at the start, cycles are reserved.
  const growth = 8n * gib
  const nothing = { balance: 10n ** 12n, available: 7n * gib, limit: 0n }
  const unfrozen = { ...nothing, balance: 10n ** 13n }
  const roomy = { ...unfrozen, available: 9n * gib }
  const unlimited = { ...roomy, limit: 10n ** 30n }
  test.each<[title: string, given: typeof nothing, error: string]>([
    ['all four are in the way: the freezing threshold', nothing, 'IC0532'],
    ['enough cycles not to freeze: the subnet is full', unfrozen, 'OutOfMemory'],
    ['enough memory, too: the limit of reserved cycles', roomy, 'IC0534'],
    ['a high limit, too: the cycles to reserve', unlimited, 'IC0532'],
    ['enough cycles for that, too: granted', { ...unlimited, balance: 10n ** 16n }, ''],
  ])('%s', (_, { balance, available, limit }, error) => {
    const taken = 20n * gib - available
    const net = network({ subnetCapacityBytes: 30n * gib, subnetThresholdBytes: taken, virtualUsageBytes: taken - gib })
    const id = net.create({ cycles: startCycles, settings: { freezing_threshold: 0n, reserved_cycles_limit: limit } })
    installHolding(net, id, gib)
    setSettings(net, id, { freezing_threshold: defaultFreezingSeconds })
    fund(net, id, balance)
    const { outcome, granted } = grow({ net, id }, growth, false)
    expect(errorOf(outcome, granted)).toBe(error)
  })
})

describe('growing the heap', () => {
  test('a refusal for lack of memory fails the message, because the heap has already grown', () => {
    const net = network({ subnetCapacityBytes: 10n * gib + 64n * page })
    const id = net.install(universalCanister())
    expect(expectReject(net.update(id, program().growHeap(100).reply()))).toMatch(/^IC0507 .*Canister cannot grow its memory usage\./)
    expect(statusOf(net, id).memory_metrics['wasm_memory_size']).toBe(2n * page)
    expectReply(net.update(id, program().growHeap(10).reply()))
    expect(statusOf(net, id).memory_metrics['wasm_memory_size']).toBe(12n * page)
  })

  test('a callback may take what is kept for callbacks', () => {
    const net = network({ subnetCapacityBytes: 10n * gib + 64n * page })
    const id = net.install(universalCanister())
    expectReply(net.update(id, program().callUpdate(id, program().reply(), { onReply: program().growHeap(100).reply() })))
    expect(statusOf(net, id).memory_metrics['wasm_memory_size']).toBe(102n * page)
  })

  test('reserves like stable memory', () => {
    const net = network({ subnetThresholdBytes: 0n, subnetCapacityBytes: 100n * gib })
    const id = net.install(universalCanister(), '', { settings: { reserved_cycles_limit: 10n ** 30n } })
    const [heap, stable] = [program().growHeap(16), program().sys('stable64_grow', 16).op('drop')].map((body) => {
      const before = net.canister(id).reservedBalance
      expectReply(net.update(id, body.reply()))
      return net.canister(id).reservedBalance - before
    })
    // Each step up costs more than the one before: the price rises with the subnet's usage.
    expect(heap).toBeGreaterThan(0n)
    expect(stable).toBeGreaterThan(heap ?? 0n)
  })
})
