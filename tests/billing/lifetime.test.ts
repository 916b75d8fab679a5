/** How long an idle canister lives: what the library predicts is what happens on a running network, to the charge. */
import { createPricing, lifetime } from '@tidemark/cycles'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectReply, network, program, universalCanister } from '../support/index.ts'
import { isFrozen, setSettings, statusOf } from './support/held.ts'

const wasm = universalCanister()
const interval = 10
const intervals = 50

test('a canister freezes and is uninstalled exactly when it was predicted to', () => {
  let gone = 0
  fc.assert(
    fc.property(
      fc.constantFrom('2025' as const, '2026' as const),
      fc.bigInt({ min: 0n, max: 400_000_000_000n }),
      fc.bigInt({ min: 0n, max: 300n }),
      fc.bigInt({ min: 60n, max: 100n }),
      (profile, extra, freezingThresholdSeconds, percent) => {
        const net = network({ profile })
        const id = net.install(wasm, '', { cycles: 400_000_000_000n, settings: { freezing_threshold: 0n } })
        expectReply(net.update(id, program().amount('cycles_burn128', 1n, 0n).op('drop').op('drop').reply()))
        net.topUp(id, extra)
        const memoryUsageBytes = statusOf(net, id).memory_size
        setSettings(net, id, { compute_allocation: percent })
        // On its own: a canister may be frozen by this, but not by an allocation.
        setSettings(net, id, { freezing_threshold: freezingThresholdSeconds })
        net.advance(interval)
        const predicted = lifetime(createPricing({ profile }), {
          memoryAllocationBytes: 0n,
          memoryUsageBytes,
          computeAllocationPercent: percent,
          freezingThresholdSeconds,
          balance: net.balance(id),
        })
        let frozenAt: bigint | null = isFrozen(net, id) ? 0n : null
        let goneAt: bigint | null = null
        for (let n = 1; n <= intervals && goneAt === null; n++) {
          net.advance(interval)
          if (net.canister(id).execution === undefined) goneAt = BigInt(n * interval)
          if (frozenAt === null && (goneAt !== null || isFrozen(net, id))) frozenAt = BigInt(n * interval)
        }
        const within = (at: bigint | null) => (at !== null && at <= BigInt(intervals * interval) ? at : null)
        expect([frozenAt, goneAt]).toEqual([within(predicted.secondsUntilFrozen), within(predicted.secondsUntilUninstalled)])
        if (goneAt !== null) gone++
      },
    ),
    { numRuns: 40, seed: 11 },
  )
  // The lives do end.
  expect(gone).toBeGreaterThan(20)
})
