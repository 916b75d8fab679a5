/**
 * What a canister pays for holding memory and compute, over time and to the cycle, on a running network.
 *
 * @see Interface specification, `canister_status`; cycle cost reference.
 */
import { createPricing, ingressInduction } from '@tidemark/cycles'
import { describe, expect, test } from 'vitest'
import { responseReservationBytes } from '@tidemark/state'
import type { Principal } from '@tidemark/types'
import { type TestNetwork, network, program } from '../support/index.ts'
import { type BillingCase, casesOf } from './support/cases.ts'
import { createUsingNothing, fund, installHolding, isFrozen, setSettings, startCycles, statusOf, usageOf } from './support/held.ts'
import { reserving } from './support/reserving.ts'
import { installSilent } from './support/silent.ts'

const rich = 10n ** 18n

interface Held {
  readonly net: TestNetwork
  readonly id: Principal
}

/** The canister of a case: its usage, its settings, its reserved balance. */
function hold(one: BillingCase, cycles: bigint, spendsRest = false): Held {
  const usage = one.input('usage_bytes')
  const reserved = one.input('reserved_balance')
  // Reserving starts right above what the canister uses, so that an allocation can reserve any amount.
  const wanted = reserved === 0n ? undefined : reserving(createPricing({ profile: '2026' }), reserved, usage)
  const net = network({
    ...one.network,
    ...(wanted === undefined ? {} : { subnetThresholdBytes: usage, subnetCapacityBytes: wanted.capacityBytes }),
  })
  const settings = { freezing_threshold: 0n, reserved_cycles_limit: 10n ** 30n }
  const isNothing = usage <= 1n
  const id = isNothing ? createUsingNothing(net) : net.create({ cycles, settings })
  if (isNothing) fund(net, id, cycles)
  else installHolding(net, id, usage)
  expect(usageOf(net, id)).toBe(isNothing ? 0n : usage)
  if (wanted !== undefined) setSettings(net, id, { memory_allocation: wanted.allocationBytes })
  const allocation = one.input('allocation_bytes')
  setSettings(net, id, {
    memory_allocation: isNothing && allocation === 0n ? usage : allocation,
    compute_allocation: one.input('compute_allocation'),
  })
  expect(statusOf(net, id).reserved_cycles).toBe(reserved)
  if (spendsRest) net.update(id, program().amount('cycles_burn128', 1n, 0n).op('drop').op('drop').reply())
  // Last, because a canister that would be frozen may not take more.
  setSettings(net, id, { freezing_threshold: one.input('freezing_threshold_seconds') })
  waitFor(net, id, one.input('message_memory_bytes'))
  return { net, id }
}

/** Makes calls that are never answered: room for a response is kept for each. */
function waitFor(net: TestNetwork, id: Principal, messageBytes: bigint): void {
  const calls = Number(messageBytes) / responseReservationBytes
  if (calls === 0) return
  const call = program().callUpdate(installSilent(net), program().reply())
  net.send(id, program().repeat(calls, call))
  net.tick(3)
  expect(net.canister(id).callbacks.size).toBe(calls)
}

const total = ({ net, id }: Held) => net.balance(id) + net.canister(id).reservedBalance

/** What a stretch of time costs, in steps of so many seconds. */
function chargedOver(held: Held, seconds: number, step: number): bigint {
  const before = total(held)
  for (let passed = 0; passed < seconds; passed += step) held.net.advance(step)
  return before - total(held)
}

/** The threshold, as a refused message tells a controller: what is missing for a message of absurd length. */
function toldThreshold({ net, id }: Held, one: BillingCase): bigint {
  const sizeBytes = Number.MAX_SAFE_INTEGER
  const refused = net.submit(id, 'update', '', { sizeBytes })
  if (refused instanceof Uint8Array) throw new Error('the message was taken in')
  const told = /with at least ([\d_]+) additional cycles/.exec(refused.message)?.[1]
  const fee = ingressInduction(createPricing({ ...one.network, profile: one.network.profile ?? '2026' }), sizeBytes)
  return BigInt((told ?? '0').replaceAll('_', '')) - fee + net.balance(id)
}

const groups = ['storage', 'allocation', 'compute', 'cadence', 'freezing', 'messages']

describe('the bill', () => {
  test.each(casesOf(...groups))('%s', (_, one) => {
    const held = hold(one, rich)
    const seconds = Number(one.input('duration_seconds'))
    expect(statusOf(held.net, held.id).idle_cycles_burned_per_day).toBe(one.expected('idle_cycles_burned_per_day'))
    const isFree = one.expected('idle_cycles_burned_per_day') === 0n && one.input('usage_bytes') > 0n
    if (!isFree) expect(toldThreshold(held, one)).toBe(one.expected('freezing_threshold_cycles'))
    expect(chargedOver(held, seconds, seconds)).toBe(one.expected('charge_for_duration_in_one_step'))
    expect(chargedOver(held, seconds, 10)).toBe(one.expected('charge_for_duration_every_10s'))
  })
})

describe('frozen is one cycle below the threshold', () => {
  // What a message leaves of its prepayment is more than the smaller thresholds.
  const reachable = casesOf('freezing').filter(([, one]) => one.expected('freezing_threshold_cycles') > 50_000_000_000n)
  test.each(reachable)('%s', (_, one) => {
    const nodes = one.network.subnetSize ?? 13
    const { net, id } = hold(one, (nodes > 13 ? 5n : 2n) * startCycles + one.input('reserved_balance'), true)
    fund(net, id, one.expected('freezing_threshold_cycles') - 1n)
    expect(isFrozen(net, id)).toBe(true)
    net.topUp(id, 1n)
    expect(isFrozen(net, id)).toBe(false)
  })
})
