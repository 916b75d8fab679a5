/** What canisters with nothing to do add to a round, and what charging them takes. */
import { network } from '../support/index.ts'
import { increment, installCounter } from './counter.ts'
import { type Figure, median, milliseconds } from './figure.ts'

const idle = 10_000

export function idleCanisters(): Figure[] {
  const alone = network()
  const crowded = network()
  const aloneId = installCounter(alone)
  const crowdedId = installCounter(crowded)
  for (let n = 0; n < idle; n++) crowded.create()
  increment(alone, aloneId, 10_000)
  increment(crowded, crowdedId, 10_000)
  // Interleaved, so that both see the same machine.
  const ratio = median(9, () => {
    const base = milliseconds(() => increment(alone, aloneId, 20_000))
    return milliseconds(() => increment(crowded, crowdedId, 20_000)) / base
  })
  const chargeOnce = () => {
    crowded.replica.advanceTime(10_000_000_000n)
    return milliseconds(() => crowded.replica.tick())
  }
  // The first ones are made by code that the engine has not optimised yet.
  for (let n = 0; n < 30; n++) chargeOnce()
  const charge = median(9, chargeOnce)
  return [
    { name: `rounds with ${idle} idle canisters, against without`, value: ratio, unit: '×', goal: 'at most 1.05' },
    { name: `charging ${idle} canisters`, value: charge, unit: 'ms', goal: 'under 5' },
  ]
}
