/** The memory that is kept for logs: it goes by the limit of the log, not by what is in it. */
import { createPricing, instructionsCost } from '@tidemark/cycles'
import type { ReplicaOptions } from '@tidemark/replica'
import type { Principal } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import {
  type TestNetwork,
  candid,
  expectReject,
  expectReply,
  network,
  program,
  universalCanister,
} from '../../../../tests/support/index.ts'

const wasm = universalCanister()
const pricing = createPricing({ profile: '2026', subnetSize: 13 })

const storeOf = (net: TestNetwork, id: Principal): bigint => {
  const status = net.manage('canister_status', { canister_id: candid(id) }, { effectiveCanisterId: id }) as {
    memory_metrics: { log_memory_store_size: bigint }
  }
  return status.memory_metrics.log_memory_store_size
}
const setUp = (options: ReplicaOptions = {}, limit?: bigint) => {
  const net = network(options)
  return { net, id: net.install(wasm, '', limit === undefined ? {} : { settings: { log_memory_limit: limit } }) }
}

describe('the size', () => {
  test.each([
    [0n, 0n],
    [4_096n, 12_288n],
    [5_000n, 13_192n],
    [2_097_152n, 2_105_344n],
  ])('of a log of %s bytes is %s', (limit, bytes) => {
    const created = setUp({}, limit)
    expect(storeOf(created.net, created.id)).toBe(bytes)
    const changed = setUp()
    expectReply(changed.net.updateSettings(changed.id, { log_memory_limit: limit }))
    expect(storeOf(changed.net, changed.id)).toBe(bytes)
  })
  test('is there before any code, and whatever is printed', () => {
    const net = network()
    const id = net.create()
    expect(storeOf(net, id)).toBe(12_288n)
    net.installInto(id, wasm)
    expectReply(net.update(id, program().sys('debug_print', 'x'.repeat(100)).reply()))
    expect(storeOf(net, id)).toBe(12_288n)
  })
  test('stays when the code goes', () => {
    const { net, id } = setUp()
    net.manage('uninstall_code', { canister_id: candid(id), sender_canister_version: [] }, { effectiveCanisterId: id })
    expect(storeOf(net, id)).toBe(12_288n)
  })
  test('with the prices of 2025 is not counted', () => {
    const { net, id } = setUp({ profile: '2025' })
    expect(storeOf(net, id)).toBe(0n)
  })
})

describe('a change of the limit', () => {
  const printed = program().sys('debug_print', 'x'.repeat(80)).reply()
  const spentBy = (limit: bigint) => {
    const { net, id } = setUp()
    expectReply(net.update(id, printed))
    const before = net.canister(id).consumedCycles.instructions
    expectReply(net.updateSettings(id, { log_memory_limit: limit }))
    return net.canister(id).consumedCycles.instructions - before
  }
  test('costs by what is in the log', () => {
    expect(spentBy(8_192n)).toBe(instructionsCost(pricing, 32n * 100n, 'wasm32'))
  })
  test('to what it was costs nothing', () => {
    expect(spentBy(4_096n)).toBe(0n)
  })
  test('that freezes the canister is refused and changes nothing', () => {
    const { net, id } = setUp()
    expectReply(net.updateSettings(id, { freezing_threshold: 9_850_000_000n }))
    expect(expectReject(net.updateSettings(id, { log_memory_limit: 2_097_152n }))).toContain('IC0532')
    expect(net.canister(id).settings.logMemoryLimit).toBe(4_096n)
    expect(net.canister(id).log.storeBytes).toBe(12_288)
  })
})

test('a canister that ran out of cycles keeps no log', () => {
  const net = network()
  const id = net.create({ cycles: 1n })
  net.advance(1_000_000_000)
  expect(net.canister(id).settings.logMemoryLimit).toBe(0n)
  expect(net.canister(id).log.storeBytes).toBe(0)
})
