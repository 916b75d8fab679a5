/** What a snapshot of the whole network costs: what changed, not what exists. */
import type { Principal } from '@tidemark/types'
import { type TestNetwork, network, program, universalCanister } from '../support/index.ts'
import { increment, installCounter } from './counter.ts'
import { type Figure, median, milliseconds } from './figure.ts'

const canisters = 100
const gibPages = 16_384
const answered = 20_000

/** A network that has existed for a while: canisters, one of them with a heap of 1 GiB, and answers that are still kept. */
function grownNetwork(): { readonly net: TestNetwork; readonly large: Principal } {
  const net = network()
  for (let n = 0; n < canisters; n++) net.install(universalCanister())
  const large = net.install(universalCanister({ mode: 'wasm64' }), '', { cycles: 10n ** 18n })
  net.update(large, program().growHeap(gibPages).reply())
  increment(net, installCounter(net), answered)
  return { net, large }
}

/** Writes to ten pages of the heap and a few that every message touches. */
const dirty = program()
  .setState(new Uint8Array(10 * 4096).fill(1))
  .reply()

export function snapshots(): Figure[] {
  const { net, large } = grownNetwork()
  const first = milliseconds(() => void net.replica.snapshot())
  const snapshot = net.replica.snapshot()
  const unchanged = median(101, () => milliseconds(() => net.replica.restore(snapshot)))
  const tenPages = median(101, () => {
    net.update(large, dirty)
    return milliseconds(() => net.replica.restore(snapshot))
  })
  const taken = median(101, () => {
    net.update(large, dirty)
    return milliseconds(() => void net.replica.snapshot())
  })
  const what = `${canisters} canisters, one of 1 GiB, ${answered} kept answers`
  return [
    { name: `first snapshot of a network (${what})`, value: first, unit: 'ms', goal: 'once' },
    { name: 'restoring it unchanged', value: unchanged, unit: 'ms', goal: 'under 1' },
    { name: 'restoring it after a message that wrote 10 pages of the large canister', value: tenPages, unit: 'ms', goal: 'under 2' },
    { name: 'snapshot after such a message', value: taken, unit: 'ms', goal: 'under 2' },
  ]
}
