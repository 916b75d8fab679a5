/** Rounds: who gets its turn, and how much one round does. */
import { describe, expect, test } from 'vitest'
import { managementCanisterId } from '@tidemark/types'
import {
  type TestNetwork,
  encodeManagement,
  expectReply,
  heavy,
  network,
  program,
  universalCanister,
} from '../../../tests/support/index.ts'

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

test('canisters take turns at the management canister: one that asks much does not hold up the next', () => {
  const net = network()
  const [many, one] = [net.install(wasm), net.install(wasm)]
  const arg = encodeManagement('create_canister', { settings: [], sender_canister_version: [] })
  const options = { cycles: 2n * 10n ** 12n, onReply: program().reply() }
  const create = () => program().call(managementCanisterId, 'create_canister', arg, options).op('drop')
  net.send(many, create().then(create()).then(create()).reply())
  net.send(one, create().reply())
  net.tick(2)
  const created = net.replica.canisters().slice(-4)
  const controllers = created.map(({ settings }) => settings.controllers.map((controller) => controller.toText()).join())
  expect(controllers).toEqual([many, one, many, many].map((id) => id.toText()))
})

describe('memory that changes', () => {
  /** Changes that many MiB of heap. */
  const change = (mebibytes: number) =>
    program()
      .int(mebibytes * 1_048_576)
      .op('alloc')
      .int(1)
      .op('fill')

  test.each([
    [180, 'one round'],
    [200, 'two rounds'],
  ])('ends a round at 200 MB: a change of %i MiB and a call after it take %s', (mebibytes, needed) => {
    const net = network()
    const [id, other] = [net.install(wasm), net.install(wasm)]
    net.send(id, change(mebibytes).callUpdate(other, program().note('called').reply()).reply())
    net.tick()
    expect(net.state(other)).toBe(needed === 'one round' ? 'called' : '')
    net.tick()
    expect(net.state(other)).toBe('called')
  })

  test('at 75 MiB a canister has had its round, where rates are limited', () => {
    const progress = (rateLimits: boolean, mebibytes: number) => {
      const net = network({ rateLimits })
      const id = net.install(wasm)
      const rounds: string[] = []
      for (let n = 0; n < 4; n++) {
        net.send(id, change(mebibytes).note(String(n)).reply())
        net.tick()
        rounds.push(net.state(id))
      }
      return rounds
    }
    expect(progress(true, 70)).toEqual(['0', '01', '012', '0123'])
    // What a round changes beyond 75 MiB is carried over: 150 MiB are two rounds.
    expect(progress(true, 149)).toEqual(['0', '01', '01', '0123'])
    expect(progress(false, 149)).toEqual(['0', '01', '012', '0123'])
  })

  test('a canister that is held back has pending work, and goes on by itself', () => {
    const net = network({ rateLimits: true })
    const id = net.install(wasm)
    expectReply(net.update(id, change(400).reply()))
    net.send(id, program().note('x').reply())
    let rounds = 0
    while (net.replica.hasPendingWork()) {
      net.tick()
      rounds++
    }
    expect([rounds, net.state(id)]).toEqual([5, 'x'])
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
