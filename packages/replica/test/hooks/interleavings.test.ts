/** Under random interleavings a hook runs once for every crossing, and never in a stopped canister. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { program } from '../../../../tests/support/index.ts'
import { hookModule, hookNetwork, notingHooks, setThresholds } from './support/hookNetwork.ts'

const trillion = 10n ** 12n
const threshold = 5n * trillion
const heapThreshold = 6n * 65_536n

type Step = { readonly do: 'burn' | 'top_up' | 'grow' | 'upgrade' | 'stop' | 'start' | 'tick'; readonly amount: number }
const steps = fc.array(
  fc.record({
    do: fc.constantFrom<Step['do']>('burn', 'top_up', 'grow', 'upgrade', 'stop', 'start', 'tick'),
    amount: fc.integer({ min: 1, max: 4 }),
  }),
  { maxLength: 25 },
)

/** A crossing as the documentation describes it, told by what can be seen between two steps. */
class Crossing {
  #armed = true
  #due = false
  runs = 0

  see(low: boolean, clear: boolean, running: boolean): void {
    if (clear) {
      this.#armed = true
      this.#due = false
    } else if (this.#armed && low) {
      this.#armed = false
      this.#due = true
    }
    if (!this.#due || !running) return
    this.#due = false
    this.runs += 1
  }
}

test('low cycles and low heap memory', () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      const { net, names } = hookNetwork()
      const id = net.install(hookModule, notingHooks(), { cycles: 10n * trillion })
      net.tick()
      setThresholds(net, id, { low_cycles_threshold: threshold, low_heap_memory_threshold: heapThreshold })
      const cycles = new Crossing()
      const heap = new Crossing()
      const perform: Record<Step['do'], (amount: number) => void> = {
        burn: (amount) =>
          net.update(
            id,
            program()
              .amount('cycles_burn128', 0n, (BigInt(amount) * trillion) / 2n)
              .reply(),
          ),
        top_up: (amount) => net.topUp(id, (BigInt(amount) * trillion) / 2n),
        grow: (amount) => net.update(id, program().growHeap(amount).reply()),
        upgrade: () => net.upgrade(id, hookModule, notingHooks()),
        stop: () => net.lifecycle('stop_canister', id),
        start: () => net.lifecycle('start_canister', id),
        tick: (amount) => net.tick(amount),
      }
      for (const step of sequence) {
        perform[step.do](step.amount)
        const running = net.canister(id).status.kind === 'running'
        const { balance } = net.canister(id)
        const heapBytes = BigInt(net.canister(id).execution?.live.heapPages ?? 0) * 65_536n
        cycles.see(balance <= threshold, balance > threshold + threshold / 10n, running)
        heap.see(heapBytes >= heapThreshold, heapBytes < heapThreshold, running)
        net.tick()
        const ran = names()
        expect(ran.filter((name) => name === 'canister_on_low_cycles')).toHaveLength(cycles.runs)
        expect(ran.filter((name) => name === 'canister_on_low_heap_memory')).toHaveLength(heap.runs)
      }
      const { minted, held, burned } = net.replica.cyclesLedger()
      expect(minted).toBe(held + burned)
    }),
    { numRuns: 25, seed: 11 },
  )
})
