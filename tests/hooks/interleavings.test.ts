/**
 * With the library and the monitor, too, each event of a hook is one run, under random interleavings: nothing is lost and nothing
 * doubled by upgrades, stops and starts, freezing, snapshots, and a save and load of the whole network.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Crossing, Errors, PostInit, Unfreeze } from '../../packages/replica/test/hooks/support/models.ts'
import { createEmbedded, type EmbeddedTarget } from './support/embedded.ts'
import { type ExampleCanister, names } from './support/target.ts'

const trillion = 10n ** 12n
// What is burnt and sent is a multiple of five trillion.
const threshold = 52n * trillion
const frozenFor = 10n ** 13n
const notFrozenFor = 2_592_000n

const actions = ['burn', 'top_up', 'trap', 'upgrade', 'reload', 'save_and_load', 'stop', 'start', 'freeze', 'thaw'] as const
type Action = (typeof actions)[number]
const steps = fc.array(fc.record({ action: fc.constantFrom(...actions), amount: fc.bigInt({ min: 1n, max: 4n }) }), { maxLength: 12 })

/** A canister, and for each hook what the documentation says of it. */
class Play {
  readonly #target: EmbeddedTarget
  readonly #canister: ExampleCanister
  #running = true
  #frozen = false
  readonly #models = {
    post_init: new PostInit(),
    on_error: new Errors(),
    on_low_cycles: new Crossing(),
    on_unfreeze: new Unfreeze(),
  }

  constructor(target: EmbeddedTarget, canister: ExampleCanister) {
    this.#target = target
    this.#canister = canister
    this.#models.post_init.announce()
  }

  async perform(action: Action, amount: bigint): Promise<void> {
    const canister = this.#canister
    const cycles = amount * 5n * trillion
    switch (action) {
      case 'burn':
        if (this.#mayRun && (await canister.balance()) > 30n * trillion + cycles) await canister.call('burn_cycles', cycles)
        break
      case 'top_up':
        await canister.topUp(cycles)
        break
      case 'trap':
        if (!this.#mayRun) break
        await expect(canister.call('trap_before_await', 'no')).rejects.toThrow('no')
        this.#models.on_error.report()
        break
      case 'upgrade':
      case 'reload':
        // A frozen canister cannot pay for these.
        if (this.#frozen) break
        await (action === 'upgrade' ? canister.upgrade() : canister.reload())
        if (action === 'upgrade') this.#models.post_init.announce()
        break
      case 'save_and_load':
        await this.#saveAndLoad(cycles)
        break
      case 'stop':
      case 'start':
        if (this.#frozen) break
        await (action === 'stop' ? canister.stop() : canister.start())
        this.#running = action === 'start'
        break
      case 'freeze':
      case 'thaw':
        this.#frozen = action === 'freeze'
        await canister.freezeBelow(this.#frozen ? frozenFor : notFrozenFor)
    }
  }

  /** Goes back to where the network was, after something else has happened in it. */
  async #saveAndLoad(cycles: bigint): Promise<void> {
    const load = this.#target.save()
    await this.#canister.topUp(cycles)
    if (this.#mayRun) await expect(this.#canister.call('trap_before_await', 'forgotten')).rejects.toThrow('forgotten')
    await this.#canister.settle()
    load()
  }

  get #mayRun(): boolean {
    return this.#running && !this.#frozen
  }

  /** Shows the models what can be seen from outside, and compares their runs with those of the canister. */
  async compare(): Promise<void> {
    await this.#canister.settle()
    const { post_init: postInit, on_error: onError, on_low_cycles: lowCycles, on_unfreeze: unfreeze } = this.#models
    const balance = await this.#canister.balance()
    postInit.see(this.#mayRun)
    onError.see(this.#mayRun)
    lowCycles.see(balance <= threshold, balance > threshold + threshold / 10n, this.#mayRun)
    unfreeze.see(this.#frozen, this.#mayRun)
    if (!this.#mayRun) return
    // A delivery that was refused is sent again, ever later.
    for (let n = 0; n < 30 && (await this.#isAwaited()); n += 1) await this.#canister.settle()
    const ran = names(await this.#canister.runs())
    const counted = Object.keys(this.#models).map((hook) => [hook, ran.filter((name) => name === hook).length])
    expect(counted).toEqual(Object.entries(this.#models).map(([hook, { runs }]) => [hook, runs]))
  }

  async #isAwaited(): Promise<boolean> {
    return (await this.#canister.deliveries())?.some(({ state }) => 'pending' in state) === true
  }
}

test('each event of each hook is one run', { timeout: 600_000 }, async () => {
  const target = createEmbedded('library')
  const canister = await target.deploy('motoko')
  await canister.watch({ cycles: threshold })
  const load = target.save()
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      load()
      const play = new Play(target, canister)
      await play.compare()
      for (const { action, amount } of sequence) {
        await play.perform(action, amount)
        await play.compare()
      }
    }),
    { numRuns: 8, seed: 3 },
  )
})
