/** Blocks by day. @see Interface specification, "IC method `node_metrics_history`" */
import { managementCanisterId } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import {
  candid,
  decodeManagement,
  encodeManagement,
  expectReply,
  network,
  program,
  universalCanister,
} from '../../../tests/support/index.ts'

const second = 1_000_000_000n
const day = 86_400n * second
/** Noon. */
const start = 20_000n * day + day / 2n

function setUp() {
  const net = network({ initialTimeNanos: start })
  const asker = net.install(universalCanister())
  const history = (since = 0n) => {
    const arg = encodeManagement('node_metrics_history', {
      subnet_id: candid(net.replica.subnetId),
      start_at_timestamp_nanos: since,
    })
    const call = program().call(managementCanisterId, 'node_metrics_history', arg, { onReply: program().read('msg_arg_data').replyTop() })
    const { bytes } = expectReply(net.update(asker, call.op('drop')))
    return decodeManagement('node_metrics_history', bytes) as {
      timestamp_nanos: bigint
      node_metrics: { num_blocks_proposed_total: bigint; num_block_failures_total: bigint }[]
    }[]
  }
  return { net, history }
}

describe('node_metrics_history', () => {
  test('has one entry on the first day: now', () => {
    const { net, history } = setUp()
    const [today, ...more] = history()
    expect(more).toEqual([])
    expect(today?.timestamp_nanos).toBeGreaterThan(start)
    expect(today?.timestamp_nanos).toBeLessThanOrEqual(net.replica.timeNanos())
  })

  test('keeps the last block of each day that had one', () => {
    const { net, history } = setUp()
    net.tick(3)
    const lastOfFirst = net.replica.timeNanos()
    net.advance(86_400)
    net.advance(3 * 86_400)
    const days = history()
    expect(days.map(({ timestamp_nanos }) => timestamp_nanos / day)).toEqual([20_000n, 20_001n, 20_004n])
    expect(days[0]?.timestamp_nanos).toBe(lastOfFirst)
    const totals = days.map(({ node_metrics }) => node_metrics[0]?.num_blocks_proposed_total ?? 0n)
    expect(totals[1]).toBe((totals[0] ?? 0n) + 1n)
    expect(totals[2]).toBeGreaterThan(totals[1] ?? 0n)
    expect(days.every(({ node_metrics }) => node_metrics.every(({ num_block_failures_total }) => num_block_failures_total === 0n))).toBe(
      true,
    )
  })

  test('begins where it is asked to', () => {
    const { net, history } = setUp()
    const lastOfFirst = net.replica.timeNanos()
    net.advance(86_400)
    expect(history(lastOfFirst)).toHaveLength(2)
    expect(history(lastOfFirst + 1n)).toHaveLength(1)
    expect(history(2n ** 64n - 1n)).toEqual([])
  })

  test('goes back sixty days', () => {
    const { net, history } = setUp()
    for (let n = 0; n < 70; n++) net.advance(86_400)
    const days = history()
    expect(days).toHaveLength(60)
    expect((days[0]?.timestamp_nanos ?? 0n) / day).toBe(20_011n)
  })

  test('is the same after going back to a snapshot', () => {
    const { net, history } = setUp()
    net.advance(86_400)
    const snapshot = net.replica.snapshot()
    const before = history().map(({ timestamp_nanos }) => timestamp_nanos / day)
    net.advance(5 * 86_400)
    net.replica.restore(snapshot)
    expect(history().map(({ timestamp_nanos }) => timestamp_nanos / day)).toEqual(before)
    net.advance(86_400)
    expect(history()).toHaveLength(3)
  })
})
