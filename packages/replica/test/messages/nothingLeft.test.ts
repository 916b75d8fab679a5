/**
 * Whatever canisters call, however they end and whatever is done to them meanwhile: everyone is answered, and once all is
 * done nothing of it is left.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyHappenings, canisters, expectNothingLeft, network, playHappenings, universalCanister } from '../../../../tests/support/index.ts'

test('everyone is answered, and nothing is left', () => {
  fc.assert(
    fc.property(anyHappenings, fc.constantFrom(undefined, 3000), (happenings, memory) => {
      const net = network(memory === undefined ? {} : { bestEffortMemoryBytes: memory })
      const ids = Array.from({ length: canisters }, () => net.install(universalCanister()))
      const expectBalance = () => {
        const { minted, held, burned } = net.replica.cyclesLedger()
        expect(minted).toBe(held + burned)
      }
      expectNothingLeft(net, ids, playHappenings(net, ids, happenings, expectBalance))
      expectBalance()
    }),
    { numRuns: 30 },
  )
})
