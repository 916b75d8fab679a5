/**
 * The announced change of memory allocation: 100 GiB allocated, 96 used; 2 more stay within the allocation, 6 more go past
 * it. An allocation is a guarantee now; before, it was a cap.
 *
 * @see Interface specification, `memory_allocation` of `update_settings`.
 */
import { createPricing, exampleVariant, type ExampleVariant, memoryAllocationExample } from '@tidemark/cycles'
import { describe, expect, test } from 'vitest'
import { type Principal } from '@tidemark/types'
import { type TestNetwork, candid, expectNumber, expectReject, expectReply, network, program } from '../support/index.ts'
import { takeMemory } from './support/ballast.ts'
import { defaultFreezingSeconds, fund, gib, installHolding, page, setSettings, startCycles, statusOf, usageOf } from './support/held.ts'

const refusedGrowth = 2n ** 64n - 1n
const pricing = createPricing({ profile: '2026' })
/** What a message of 300 bytes takes before it runs. */
const beforeRunning = 40_005_000_000n + 1_800_000n
const allocation = 100n * gib

interface Situation {
  readonly subnetUsage: bigint
  readonly balance: bigint
  readonly allocationCapsUsage: boolean
}

/** 100 GiB allocated, 96 GiB used, on a subnet that then holds so much. */
function announced({ subnetUsage, balance, allocationCapsUsage }: Situation): { net: TestNetwork; id: Principal } {
  const isFull = subnetUsage > 700n * gib
  const net = network({ allocationCapsUsage, virtualUsageBytes: (isFull ? 600n * gib : subnetUsage) - (isFull ? 0n : allocation) })
  const id = net.create({ cycles: startCycles, settings: { freezing_threshold: 0n } })
  installHolding(net, id, 96n * gib)
  setSettings(net, id, { memory_allocation: allocation })
  setSettings(net, id, { freezing_threshold: defaultFreezingSeconds })
  if (isFull) takeMemory(net, subnetUsage - 600n * gib - allocation)
  fund(net, id, balance)
  return { net, id }
}

/** Grows so that the message finds exactly this balance. */
function grow(net: TestNetwork, id: Principal, bytes: bigint, balance: bigint) {
  fund(net, id, balance + beforeRunning)
  return net.update(
    id,
    program()
      .sys('stable64_grow', bytes / page)
      .replyInt(),
    { sizeBytes: 300 },
  )
}

// The network puts a full stop behind a text that has one already.
const balanceText = (id: Principal) =>
  `IC0532 Error from Canister ${id.toText()}: Canister cannot grow memory by ${6n * gib} bytes due to insufficient cycles. At least 1_645_920_000_000 additional cycles are required..`
const limitText = (id: Principal) =>
  `IC0534 Error from Canister ${id.toText()}: Canister cannot grow memory by ${6n * gib} bytes due to its reserved cycles limit. The current limit (5_000_000_000_000) would be exceeded by 10_263_471_505_000..`

interface Variant {
  readonly variant: ExampleVariant
  readonly subnetUsage: bigint
  readonly balance: bigint
  /** What the growth by 6 GiB comes to. */
  readonly ends: 'granted' | 'minus one' | ((id: Principal) => string)
}

const variants: Variant[] = [
  { variant: 'success', subnetUsage: 700n * gib, balance: 10n ** 14n, ends: 'granted' },
  { variant: 'subnet_full', subnetUsage: 2045n * gib, balance: 10n ** 14n, ends: 'minus one' },
  { variant: 'would_freeze', subnetUsage: 700n * gib, balance: 83_967_840_000_000n, ends: balanceText },
  { variant: 'cannot_reserve', subnetUsage: 800n * gib, balance: 10n ** 14n, ends: limitText },
]

describe.each(variants)('$variant', ({ variant, subnetUsage, balance, ends }) => {
  test('as told by the pure library', () => {
    const told = memoryAllocationExample(pricing, exampleVariant(pricing, variant)).at(-1)
    expect(told?.now.check?.ok).toBe(ends === 'granted')
  })

  test('now', () => {
    const { net, id } = announced({ subnetUsage, balance, allocationCapsUsage: false })
    expect(usageOf(net, id)).toBe(96n * gib)
    expect(statusOf(net, id).idle_cycles_burned_per_day).toBe(2_744_064_000_000n)
    expect(expectNumber(grow(net, id, 2n * gib, balance))).not.toBe(refusedGrowth)
    expect(net.canister(id).reservedBalance).toBe(0n)
    const last = grow(net, id, 6n * gib, balance)
    if (typeof ends === 'function') expect(withoutAdvice(expectReject(last))).toBe(ends(id))
    else expect(expectNumber(last) !== refusedGrowth).toBe(ends === 'granted')
    net.topUp(id, 10n ** 14n)
    const granted = ends === 'granted'
    expect(usageOf(net, id)).toBe(granted ? 104n * gib : 98n * gib)
    expect(statusOf(net, id).idle_cycles_burned_per_day).toBe(granted ? 2_853_792_000_000n : 2_744_064_000_000n)
  })

  test('before: an allocation is a cap, whatever else is there', () => {
    const { net, id } = announced({ subnetUsage, balance, allocationCapsUsage: true })
    expect(expectNumber(grow(net, id, 2n * gib, balance))).not.toBe(refusedGrowth)
    expect(expectNumber(grow(net, id, 6n * gib, balance))).toBe(refusedGrowth)
    net.topUp(id, 10n ** 14n)
    expect(usageOf(net, id)).toBe(98n * gib)
  })
})

/** An error without the hints that follow it. */
function withoutAdvice(text: string): string {
  return text.split('\n')[0] as string
}

describe('the guarantee', () => {
  test('growth inside the allocation succeeds on a subnet without a byte left', () => {
    const { net, id } = announced({ subnetUsage: 2048n * gib, balance: 10n ** 14n, allocationCapsUsage: false })
    expect(expectNumber(grow(net, id, 4n * gib, 10n ** 14n))).not.toBe(refusedGrowth)
    expect(expectNumber(grow(net, id, page, 2n * 10n ** 14n))).toBe(refusedGrowth)
  })

  test('the heap, too: what was an error at the cap is granted now', () => {
    const outcomes = [true, false].map((allocationCapsUsage) => {
      const { net, id } = announced({ subnetUsage: 700n * gib, balance: 10n ** 14n, allocationCapsUsage })
      expectNumber(grow(net, id, 4n * gib, 10n ** 14n))
      const grown = net.update(id, program().growHeap(1).reply())
      return grown.kind === 'reply' ? 'granted' : expectReject(grown).slice(0, 6)
    })
    expect(outcomes).toEqual(['IC0507', 'granted'])
  })

  test('an allocation that the subnet has no memory for is refused', () => {
    const net = network({ virtualUsageBytes: 1990n * gib })
    const id = net.create({ settings: { reserved_cycles_limit: 10n ** 30n } })
    expect(expectReject(net.updateSettings(id, { memory_allocation: allocation }))).toMatch(
      /^IC0101 Canister requested 100\.00 GiB of memory but only 48\.00 GiB are available in the subnet\./,
    )
    expect(net.canister(id).settings.memoryAllocation).toBe(0n)
  })
})

describe('the cap of before', () => {
  function capped(allocationCapsUsage: boolean): { net: TestNetwork; id: Principal } {
    const net = network({ allocationCapsUsage })
    const id = net.create()
    installHolding(net, id, gib)
    return { net, id }
  }
  const chunk = ({ net, id }: { net: TestNetwork; id: Principal }) =>
    net.managing('upload_chunk', { canister_id: candid(id), chunk: new Uint8Array(1) }, { effectiveCanisterId: id })

  test('an allocation below usage: refused then, best effort now', () => {
    const { net, id } = capped(true)
    expect(expectReject(net.updateSettings(id, { memory_allocation: gib - 1n }))).toMatch(
      /^IC0402 Canister was given .* memory allocation but at least 1073741824 of memory is needed\./,
    )
    expectReply(net.updateSettings(id, { memory_allocation: gib }))
    const now = capped(false)
    expectReply(now.net.updateSettings(now.id, { memory_allocation: gib - 1n }))
    expect(now.net.canister(now.id).settings.memoryAllocation).toBe(gib - 1n)
  })

  test('management calls that grow past it', () => {
    const before = capped(true)
    setSettings(before.net, before.id, { memory_allocation: gib })
    expect(expectReject(chunk(before))).toMatch(/^IC0402 /)
    const now = capped(false)
    setSettings(now.net, now.id, { memory_allocation: gib })
    expectReply(chunk(now))
  })

  test('without an allocation there is no cap', () => {
    expectReply(chunk(capped(true)))
  })
})
