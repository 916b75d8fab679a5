/** Whatever canisters of two subnets do to each other: everyone is answered, nothing is left, and no cycles are lost. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyHappenings, expectNothingLeft, playHappenings } from '../../../tests/support/index.ts'
import { subnetsOf } from './support/subnets.ts'

test('everyone is answered, and nothing is left', () => {
  const latency = fc.integer({ min: 1, max: 3 })
  fc.assert(
    fc.property(anyHappenings, latency, fc.constantFrom(undefined, 3000), (happenings, latencyRounds, memory) => {
      const net = subnetsOf(['application', 'system'], {
        latencyRounds,
        ...(memory === undefined ? {} : { bestEffortMemoryBytes: memory }),
      })
      const ids = [0, 1, 0].map((place) => net.installOn(place))
      const expectBalance = () => {
        const { minted, held, burned, inFlight } = net.replica.cyclesLedger()
        expect(minted).toBe(held + burned + inFlight)
      }
      expectNothingLeft(net, ids, playHappenings(net, ids, happenings, expectBalance))
      expectBalance()
      expect(net.replica.cyclesLedger().inFlight).toBe(0n)
    }),
    { numRuns: 30 },
  )
})
