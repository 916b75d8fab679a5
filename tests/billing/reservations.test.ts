/**
 * Whatever makes a canister grow reserves: step by step as much as all at once, because the price of a step is the
 * difference of two totals.
 *
 * @see cycle cost reference, "Memory growth and reservation".
 */
import { createPricing, storageReservation } from '@tidemark/cycles'
import { expect, test } from 'vitest'
import type { Principal } from '@tidemark/types'
import { type TestNetwork, candid, expectReply, network, program, universalCanister } from '../support/index.ts'
import { gib, statusOf } from './support/held.ts'

const wasm = universalCanister()
const pricing = createPricing({ profile: '2026' })
const subnet = { thresholdBytes: 0n, capacityBytes: 100n * gib }

const steps: Readonly<Record<string, (net: TestNetwork, id: Principal) => unknown>> = {
  installing: (net, id) => expectReply(net.installInto(id, wasm)),
  'growing stable memory': (net, id) => expectReply(net.update(id, program().sys('stable64_grow', 100_000).op('drop').reply())),
  'growing the heap': (net, id) => expectReply(net.update(id, program().growHeap(1000).reply())),
  'storing a chunk': (net, id) =>
    net.manage('upload_chunk', { canister_id: candid(id), chunk: new Uint8Array(10) }, { effectiveCanisterId: id }),
  'taking a snapshot': (net, id) =>
    net.manage(
      'take_canister_snapshot',
      { canister_id: candid(id), replace_snapshot: [], uninstall_code: [], sender_canister_version: [] },
      { effectiveCanisterId: id },
    ),
  'allocating more': (net, id) => expectReply(net.updateSettings(id, { memory_allocation: 40n * gib })),
  'growing inside the allocation': (net, id) => expectReply(net.update(id, program().sys('stable64_grow', 100_000).op('drop').reply())),
  'growing past the allocation': (net, id) => expectReply(net.update(id, program().sys('stable64_grow', 400_000).op('drop').reply())),
}

test('each step reserves the difference that it makes', () => {
  const net = network({ subnetThresholdBytes: subnet.thresholdBytes, subnetCapacityBytes: subnet.capacityBytes })
  const id = net.create({ cycles: 10n ** 18n, settings: { reserved_cycles_limit: 10n ** 30n } })
  const held = () => {
    const { memory_size } = statusOf(net, id)
    const { settings, reservedBalance } = net.canister(id)
    const bytes = memory_size > settings.memoryAllocation ? memory_size : settings.memoryAllocation
    return { bytes, cycles: reservedBalance }
  }
  const reserved: Record<string, bigint> = {}
  const expected: Record<string, bigint> = {}
  for (const [name, take] of Object.entries(steps)) {
    const before = held()
    take(net, id)
    const after = held()
    reserved[name] = after.cycles - before.cycles
    expected[name] = storageReservation(pricing, { ...subnet, subnetUsageBytes: before.bytes }, after.bytes - before.bytes)
  }
  expect(reserved).toEqual(expected)
  expect(reserved['growing inside the allocation']).toBe(0n)
})
