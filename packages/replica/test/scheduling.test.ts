/** Rounds: who gets its turn, how much one round does, and what a long execution holds up. */
import { describe, expect, test } from 'vitest'
import { type TestNetwork, expectReply, heavy, network, program, universalCanister } from '../../../tests/support/index.ts'

const wasm = universalCanister()
/** Canisters that always have something to do, and how far each has come. */
function busy(net: TestNetwork, count: number, allocations: readonly bigint[] = []) {
  const ids = Array.from({ length: count }, (_, n) =>
    net.install(wasm, '', { cycles: 10n ** 17n, settings: { compute_allocation: allocations[n] ?? 0n } }),
  )
  const done = () => ids.map((id) => net.state(id).length)
  const feed = () => ids.forEach((id) => net.send(id, heavy(1).note('x').reply()))
  return { ids, done, feed }
}

describe('a round', () => {
  test('ends when its instructions are used up, and the rest goes on in the next', () => {
    const net = network()
    const { feed, done } = busy(net, 1)
    for (let n = 0; n < 6; n++) feed()
    net.tick()
    const [first = 0] = done()
    expect(first).toBeGreaterThan(0)
    expect(first).toBeLessThan(6)
    net.tick(5)
    expect(done()).toEqual([6])
  })

  test('serves everybody in turn when there is more than fits', () => {
    const net = network()
    const { feed, done } = busy(net, 9)
    for (let n = 0; n < 8; n++) feed()
    const before = net.replica.round()
    for (let n = 0; n < 9; n++) net.tick()
    const counts = done()
    expect(net.replica.round()).toBe(before + 9n)
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(3)
    expect(Math.min(...counts)).toBeGreaterThan(0)
  })

  test('an allocation of 100 percent is first in every round, one of 50 in every other', () => {
    const net = network()
    const allocations = [0n, 0n, 0n, 0n, 0n, 0n, 0n, 100n, 50n]
    const { ids, done, feed } = busy(net, allocations.length, allocations)
    for (let n = 0; n < 12; n++) feed()
    const progress: number[][] = []
    for (let round = 0; round < 6; round++) {
      net.tick()
      progress.push(done())
    }
    const moved = (canister: number) =>
      progress.filter((counts, round) => (counts[canister] ?? 0) > (progress[round - 1]?.[canister] ?? 0)).length
    expect(moved(7)).toBe(6)
    expect(moved(8)).toBeGreaterThanOrEqual(3)
    expect(ids).toHaveLength(9)
  })

  test('a long execution does not hold up the others', () => {
    const net = network()
    const [long, short] = [net.install(wasm), net.install(wasm)]
    net.send(long, heavy(10).reply('long'))
    const sent = net.send(short, program().reply('short'))
    net.tick()
    expect(expectReply(net.await(sent, 0)).text).toBe('short')
  })
})

describe('time', () => {
  test('never stands still nor runs back', () => {
    const net = network()
    const start = net.replica.timeNanos()
    net.replica.tick(start - 1000n)
    expect(net.replica.timeNanos()).toBe(start + 1n)
    net.replica.tick(start + 1n)
    expect(net.replica.timeNanos()).toBe(start + 2n)
  })

  test('is the time of the round in which a message starts', () => {
    const net = network()
    const id = net.install(wasm)
    const sent = net.send(id, program().sys('time').op('int_to_blob').sys('time').op('int_to_blob').op('concat').replyTop())
    const later = net.replica.timeNanos() + 5_000_000_000n
    net.replica.tick(later)
    const { bytes } = expectReply(net.await(sent, 0))
    const view = new DataView(bytes.slice().buffer)
    expect([view.getBigUint64(0, true), view.getBigUint64(8, true)]).toEqual([later, later])
  })
})

describe('pending work', () => {
  test('is what the next round could go on with', () => {
    const net = network()
    const id = net.install(wasm)
    expect(net.replica.hasPendingWork()).toBe(false)
    net.send(id, program().reply())
    expect(net.replica.hasPendingWork()).toBe(true)
    net.tick()
    expect(net.replica.hasPendingWork()).toBe(false)
  })
})

describe('gaps', () => {
  test.fails('differs: the effects of a long execution can be seen before its last round', () => {
    const net = network()
    const id = net.install(wasm)
    net.send(id, heavy(10).note('x').reply())
    net.tick()
    expect(net.state(id)).toBe('')
  })

  test.todo('missing: rounds end when they have changed 200 MB of heaps')
  test.todo('missing: canisters that change more than 75 MiB of heap in a round are held back')
})
