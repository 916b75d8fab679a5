/**
 * Under random interleavings every hook runs once for each of its events: none is lost and none doubled by upgrades, stops
 * and starts, freezing, snapshots that are taken and loaded, or a save and load of the whole network.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { managementCanisterId as managementId, type Principal } from '@tidemark/types'
import {
  candid,
  encodeManagement,
  expectReply,
  later,
  type Outcome,
  program,
  type TestNetwork,
  universalCanister,
} from '../../../../tests/support/index.ts'
import { hookModule, hookNetwork, hookState, notingHooks, setThresholds } from './support/hookNetwork.ts'
import { Crossing, Errors, PostInit, Unfreeze } from './support/models.ts'

/** What is burnt and sent is a multiple of half of it; it is far above what the calls under way have prepaid. */
const unit = 10n ** 14n
const pageBytes = 65_536n
const threshold = (21n * unit) / 4n
const heapThreshold = 8n * pageBytes
const wasmMemory = { wasm_memory_limit: 100n * pageBytes, wasm_memory_threshold: 94n * pageBytes }
const forEver = 10n ** 15n
const queueCapacity = 500

const actions = [
  'burn',
  'top_up',
  'grow',
  'trap',
  'fill',
  'upgrade',
  'reinstall',
  'snapshot',
  'save_and_load',
  'stop',
  'start',
  'freeze',
  'thaw',
  'tick',
] as const
type Action = (typeof actions)[number]
const steps = fc.array(fc.record({ action: fc.constantFrom(...actions), amount: fc.integer({ min: 1, max: 4 }) }), { maxLength: 25 })

/** A canister, and for each hook what the documentation says of it. */
class Play {
  readonly net: TestNetwork
  readonly id: Principal
  readonly #callee: Principal
  readonly #frozen: () => boolean
  #freezing = false
  readonly models = {
    canister_on_low_wasm_memory: new Crossing(),
    canister_post_init: new PostInit(),
    canister_on_error: new Errors(),
    canister_on_low_cycles: new Crossing(),
    canister_on_low_heap_memory: new Crossing(),
    canister_on_output_queue_full: new Crossing(),
    canister_on_unfreeze: new Unfreeze(),
  }

  constructor() {
    this.net = hookNetwork().net
    this.#callee = this.net.install(universalCanister(), '', { cycles: 100n * unit })
    this.id = this.net.install(hookModule, notingHooks(), { cycles: 10n * unit, settings: wasmMemory })
    this.#frozen = () => this.#freezing
    setThresholds(this.net, this.id, { low_cycles_threshold: threshold, low_heap_memory_threshold: heapThreshold })
    this.models.canister_post_init.announce()
    this.see()
  }

  perform(action: Action, amount: number): void {
    const { net, id } = this
    // What has changed by itself since the last step: answers came in.
    this.see()
    const half = (BigInt(amount) * unit) / 2n
    switch (action) {
      case 'burn':
        // What is left pays for hooks.
        if (net.balance(id) > 3n * unit + half) net.update(id, program().amount('cycles_burn128', 0n, half).reply())
        break
      case 'top_up':
        net.topUp(id, half)
        break
      case 'grow':
        net.update(id, program().growHeap(amount).reply())
        break
      case 'trap':
        if (isTrap(net.update(id, program().trap('no')))) this.models.canister_on_error.report()
        break
      case 'fill': {
        // Answered some rounds later. Answers to earlier calls would come in between.
        const call = program().callUpdate(this.#callee, later(3 * amount, program().reply()))
        if (this.#openCalls === 0) net.update(id, program().repeat(queueCapacity, call).reply())
        break
      }
      case 'upgrade':
        if (net.upgrade(id, hookModule, notingHooks()).kind === 'reply') this.models.canister_post_init.announce()
        break
      case 'reinstall': {
        const wasFull = this.#openCalls === queueCapacity
        if (net.installInto(id, hookModule, notingHooks(), { reinstall: null }).kind === 'reply') this.#begin(wasFull)
        break
      }
      case 'snapshot':
        loadOwnSnapshot(net, id)
        break
      case 'save_and_load':
        saveAndLoad(net, id, amount)
        break
      case 'stop':
        net.lifecycle('stop_canister', id)
        break
      case 'start':
        net.lifecycle('start_canister', id)
        break
      case 'freeze':
      case 'thaw':
        this.#freezing = action === 'freeze'
        expectReply(net.updateSettings(id, { freezing_threshold: this.#freezing ? forEver : 0n }))
        break
      case 'tick':
        net.tick(amount)
    }
    this.see()
  }

  /** Shows the models what can be seen from outside. */
  see(): void {
    const canister = this.net.canister(this.id)
    const heapBytes = BigInt(canister.execution?.live.heapPages ?? 0) * pageBytes
    const running = canister.status.kind === 'running'
    const payable = this.#mayRun
    const isLow = wasmMemory.wasm_memory_limit < heapBytes + wasmMemory.wasm_memory_threshold
    this.models.canister_on_low_wasm_memory.see(isLow, !isLow, payable)
    this.models.canister_post_init.see(payable)
    this.models.canister_on_error.see(payable)
    this.models.canister_on_low_cycles.see(canister.balance <= threshold, canister.balance > threshold + threshold / 10n, running)
    this.models.canister_on_low_heap_memory.see(heapBytes >= heapThreshold, heapBytes < heapThreshold, payable)
    this.models.canister_on_output_queue_full.see(this.#openCalls === queueCapacity, this.#openCalls <= 450, payable)
    this.models.canister_on_unfreeze.see(this.#frozen(), payable)
  }

  get #mayRun(): boolean {
    return this.net.canister(this.id).status.kind === 'running' && !this.#frozen()
  }

  get #openCalls(): number {
    return this.net.canister(this.id).queues.mostOpenCalls
  }

  /** Runs so far by hook: as they should be, and as the owner sees them. */
  compare(): void {
    this.net.tick(2)
    const names = Object.keys(this.models) as (keyof typeof this.models)[]
    const expected = names.map((name) => [name, BigInt(this.models[name].runs)])
    expect(names.map((name) => [name, hookState(this.net, this.id, name)?.runs])).toEqual(expected)
  }

  /** A reinstall arms all proposed hooks and skips what is due. The new code finds the calls of the old one still open. */
  #begin(wasFull: boolean): void {
    const { canister_post_init: postInit, canister_on_low_wasm_memory: _, ...others } = this.models
    for (const model of Object.values(others)) model.forget()
    postInit.announce()
    others.canister_on_output_queue_full.see(wasFull, !wasFull, this.#mayRun)
  }
}

function isTrap(outcome: Outcome): boolean {
  return outcome.kind === 'reject' && outcome.reject.message.includes("'no'")
}

function loadOwnSnapshot(net: TestNetwork, id: Principal): void {
  const target = { canister_id: candid(id), sender_canister_version: [] }
  const taken = net.managing('take_canister_snapshot', { ...target, replace_snapshot: [], uninstall_code: [] }, { effectiveCanisterId: id })
  // A frozen canister cannot pay for one.
  if (taken.kind === 'reject') return
  const [snapshot] = net.canister(id).snapshots
  const named = { canister_id: candid(id), snapshot_id: snapshot?.id ?? new Uint8Array(0) }
  expectReply(net.managing('load_canister_snapshot', { ...target, ...named }, { effectiveCanisterId: id }))
  expectReply(
    net.call(managementId, 'delete_canister_snapshot', encodeManagement('delete_canister_snapshot', named), { effectiveCanisterId: id }),
  )
}

/** Goes back to where the network was, after something else has happened in it. */
function saveAndLoad(net: TestNetwork, id: Principal, amount: number): void {
  const saved = net.replica.snapshot()
  net.update(id, program().growHeap(amount).trap('forgotten'))
  net.topUp(id, BigInt(amount) * unit)
  net.tick(amount)
  net.replica.restore(saved)
}

test('each event of each hook is one run', () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      const play = new Play()
      for (const { action, amount } of sequence) {
        play.perform(action, amount)
        play.compare()
      }
      const { minted, held, burned } = play.net.replica.cyclesLedger()
      expect(minted).toBe(held + burned)
    }),
    { numRuns: 40, seed: 11 },
  )
})
