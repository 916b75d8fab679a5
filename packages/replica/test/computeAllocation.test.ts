/** What a compute allocation promises, whoever else wants to run. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { heavy, network, universalCanister } from '../../../tests/support/index.ts'

const wasm = universalCanister()

/** Rounds in which each of some always busy canisters made progress; a message of theirs is as good as a round. */
function turns(allocations: readonly number[], rounds: number, long: number): boolean[][] {
  const net = network()
  const ids = allocations.map((percent) => net.install(wasm, '', { cycles: 10n ** 18n, settings: { compute_allocation: BigInt(percent) } }))
  for (const id of ids) for (let n = 0; n < rounds * 2 + 2; n++) net.send(id, heavy(1).note('.').reply())
  for (let n = 0; n < long; n++) net.send(net.install(wasm), heavy(30).reply())
  let before = ids.map(() => 0)
  return Array.from({ length: rounds }, () => {
    net.tick()
    const now = ids.map((id) => net.state(id).length)
    const moved = now.map((count, n) => count > (before[n] ?? 0))
    before = now
    return moved
  })
}

/** The longest run of rounds without a turn. */
function longestWait(moved: readonly boolean[]): number {
  let [longest, current] = [0, 0]
  for (const one of moved) {
    current = one ? 0 : current + 1
    longest = Math.max(longest, current)
  }
  return longest
}

describe('a canister with an allocation', () => {
  test.each([
    [100, 0],
    [50, 1],
    [34, 2],
    [25, 3],
  ])('of %i percent waits for at most %i rounds', (percent, wait) => {
    const all = turns([0, 0, 0, 0, 0, 0, 0, 0, percent], 13, 0)
    // The first round starts without credits: it may go to others.
    expect(longestWait(all.slice(1).map((moved) => moved[8] ?? false))).toBeLessThanOrEqual(wait)
  })

  test('any set of allocations that the subnet grants is kept, with long executions about', () => {
    const allocation: fc.Arbitrary<number> = fc.constantFrom(0, 0, 10, 20, 25, 33, 50, 50, 100)
    const sets = fc.array(allocation, { minLength: 5, maxLength: 9 }).filter((set) => set.reduce((sum, one) => sum + one, 0) <= 299)
    fc.assert(
      fc.property(sets, fc.nat(1), (allocations, long) => {
        const all = turns(allocations, 12, long).slice(2)
        allocations.forEach((percent, n) => {
          if (percent === 0) return
          expect(longestWait(all.map((moved) => moved[n] ?? false))).toBeLessThan(Math.ceil(100 / percent) + 1)
        })
      }),
      { numRuns: 6, seed: 7 },
    )
  })

  test('nobody without one is starved', () => {
    const all = turns([100, 50, 0, 0, 0, 0, 0], 14, 0)
    for (const n of [2, 3, 4, 5, 6]) expect(all.filter((moved) => moved[n]).length).toBeGreaterThanOrEqual(2)
  })
})

test('credits of canisters add up to nothing, and idle ones keep none', () => {
  const net = network()
  const ids = Array.from({ length: 6 }, () => net.install(wasm))
  for (const id of ids) for (let n = 0; n < 4; n++) net.send(id, heavy(1).reply())
  for (let round = 0; round < 3; round++) {
    net.tick()
    // In millionths of a percent: what does not divide evenly is left over.
    expect(Math.abs(ids.reduce((sum, id) => sum + net.canister(id).accumulatedPriority, 0))).toBeLessThan(100)
  }
  net.tick(40)
  expect(ids.map((id) => net.canister(id).accumulatedPriority)).toEqual(ids.map(() => 0))
})
