/** Messages per second of one process, without HTTP and certification. */
import { network } from '../support/index.ts'
import { get, increment, installCounter } from './counter.ts'
import { type Figure, median, milliseconds } from './figure.ts'

export function throughput(): Figure[] {
  const net = network()
  const id = installCounter(net)
  increment(net, id, 10_000)
  get(net, id, 10_000)
  const updates = median(5, () => 20_000 / (milliseconds(() => increment(net, id, 20_000)) / 1000))
  const queries = median(5, () => 50_000 / (milliseconds(() => get(net, id, 50_000)) / 1000))
  return [
    { name: 'update messages', value: updates, unit: 'per second', goal: 'at least 30,000' },
    { name: 'queries', value: queries, unit: 'per second', goal: 'at least 60,000' },
  ]
}
