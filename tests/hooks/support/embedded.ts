/** The embedded replica, with hooks of its own, or without them and with the monitor watching. */
import type { experimentalManagementTypes, lifecycleHooksExampleTypes as example, monitorTypes } from '@tidemark/bindings'
import { managementCanisterId, type Principal } from '@tidemark/types'
import { candid, expectReject, expectReply, network, type TestNetwork, user } from '../../support/index.ts'
import { exampleInit, exampleInterface, experimentalInterface, type Interface, monitorInit, monitorInterface } from './candid.ts'
import { moduleOf } from './modules.ts'
import type { Deployment, ExampleCanister, HookTarget, Language, Thresholds } from './target.ts'

/** A network in this process. */
export interface EmbeddedTarget extends HookTarget {
  /** Keeps the whole network. @returns what puts it back */
  save(): () => void
}

/** A new network. Only the library's form has a monitor. */
export function createEmbedded(form: 'native' | 'library'): EmbeddedTarget {
  const net = network({ experimentalHooks: form === 'native' })
  let monitor: Principal | undefined
  return {
    hasNativeHooks: form === 'native',
    save() {
      const saved = net.replica.snapshot()
      return () => net.replica.restore(saved)
    },
    async deploy(language, deployment = {}) {
      if (form === 'library') monitor ??= net.install(await moduleOf('monitor'), monitorInit)
      const controllers = monitor === undefined ? [user] : [user, monitor]
      const id = net.create({ settings: { controllers } })
      const canister = new EmbeddedCanister(net, id, { ...deployment, language, monitor })
      await canister.install()
      return canister
    },
  }
}

interface Surroundings extends Deployment {
  readonly language: Language
  readonly monitor: Principal | undefined
}

class EmbeddedCanister implements ExampleCanister {
  readonly #net: TestNetwork
  readonly #id: Principal
  readonly #surroundings: Surroundings

  constructor(net: TestNetwork, id: Principal, surroundings: Surroundings) {
    this.#net = net
    this.#id = id
    this.#surroundings = surroundings
  }

  async install(): Promise<void> {
    const { early, gateSeconds } = this.#surroundings
    if (gateSeconds !== undefined && this.#monitor === undefined) this.#setHooks({ post_init_gate_seconds: [BigInt(gateSeconds)] })
    await this.#put({ install: null })
    if (early !== true) await this.settle()
  }

  async upgrade(): Promise<void> {
    const keep = { upgrade: [{ skip_pre_upgrade: [], wasm_memory_persistence: [{ keep: null }] }] }
    await this.#put(this.#surroundings.language === 'motoko' ? keep : { upgrade: [] })
    await this.settle()
  }

  stop(): Promise<void> {
    expectReply(this.#net.lifecycle('stop_canister', this.#id))
    return this.settle()
  }

  start(): Promise<void> {
    expectReply(this.#net.lifecycle('start_canister', this.#id))
    return this.settle()
  }

  reload(): Promise<void> {
    const target = { canister_id: candid(this.#id), sender_canister_version: [] }
    const options = { effectiveCanisterId: this.#id }
    const taking = { ...target, replace_snapshot: [], uninstall_code: [] }
    const { id } = this.#net.manage('take_canister_snapshot', taking, options) as { id: Uint8Array }
    expectReply(this.#net.managing('load_canister_snapshot', { ...target, snapshot_id: id }, options))
    expectReply(this.#net.managing('delete_canister_snapshot', { canister_id: candid(this.#id), snapshot_id: id }, options))
    return this.settle()
  }

  limitHeap(limit: bigint, threshold: bigint): Promise<void> {
    expectReply(this.#net.updateSettings(this.#id, { wasm_memory_limit: limit, wasm_memory_threshold: threshold }))
    return this.settle()
  }

  call(method: string, ...args: unknown[]): Promise<unknown> {
    return this.#send(this.#id, exampleInterface, method, args)
  }

  runs(): Promise<example.Run[]> {
    return this.call('runs') as Promise<example.Run[]>
  }

  errors(): Promise<example.CapturedError[]> {
    return this.call('canister_hook_errors') as Promise<example.CapturedError[]>
  }

  async watch({ cycles, heapMemory }: Thresholds): Promise<void> {
    const optional = (value: bigint | undefined): [] | [bigint] => (value === undefined ? [] : [value])
    if (this.#monitor === undefined) {
      this.#setHooks({ low_cycles_threshold: optional(cycles), low_heap_memory_threshold: optional(heapMemory) })
    } else {
      const plan = {
        cycles_threshold: optional(cycles),
        heap_memory_threshold: optional(heapMemory),
        unfreeze: true,
        top_up: [],
        as_notification: false,
      }
      await this.#ask('register', candid(this.#id))
      await this.#ask('watch_hooks', candid(this.#id), [plan])
    }
    await this.settle()
  }

  settle(): Promise<void> {
    // Two polls of the monitor and what they lead to; natively, a few rounds.
    for (let n = 0; n < (this.#monitor === undefined ? 1 : 3); n += 1) {
      this.#net.advance(1)
      this.#net.tick(8)
    }
    return Promise.resolve()
  }

  topUp(cycles: bigint): Promise<void> {
    this.#net.topUp(this.#id, cycles)
    return this.settle()
  }

  freezeBelow(seconds: bigint): Promise<void> {
    expectReply(this.#net.updateSettings(this.#id, { freezing_threshold: seconds }))
    return this.settle()
  }

  balance(): Promise<bigint> {
    return Promise.resolve(this.#net.balance(this.#id))
  }

  async deliveries(): Promise<monitorTypes.HookDelivery[] | undefined> {
    if (this.#monitor === undefined) return undefined
    const all = (await this.#send(this.#monitor, monitorInterface, 'deliveries', [])) as monitorTypes.HookDelivery[]
    return all.filter(({ canister }) => canister.toText() === this.#id.toText())
  }

  get #monitor(): Principal | undefined {
    return this.#surroundings.monitor
  }

  async #put(mode: unknown): Promise<void> {
    const { language, gateSeconds } = this.#surroundings
    const monitors = this.#monitor === undefined ? [] : [candid(this.#monitor)]
    // Where the network has a gate of its own, the library needs none.
    const gate = gateSeconds === undefined || this.#monitor === undefined ? {} : { gate_seconds: BigInt(gateSeconds) }
    const arg = exampleInit(monitors, gate)
    expectReply(this.#net.installInto(this.#id, await moduleOf(language), arg, mode))
  }

  #setHooks(changes: Partial<experimentalManagementTypes.HookSettings>): void {
    const settings = { low_cycles_threshold: [], low_heap_memory_threshold: [], post_init_gate_seconds: [], ...changes }
    const arg = experimentalInterface.encode('update_settings', [{ canister_id: candid(this.#id), settings }])
    expectReply(this.#net.call(managementCanisterId, 'update_settings', arg, { effectiveCanisterId: this.#id }))
  }

  async #ask(method: string, ...args: unknown[]): Promise<void> {
    if (this.#monitor === undefined) return
    const result = await this.#send(this.#monitor, monitorInterface, method, args)
    if (typeof result === 'object' && result !== null && 'Err' in result) throw new Error(String(result.Err))
  }

  async #send(to: Principal, types: Interface, method: string, args: readonly unknown[]): Promise<unknown> {
    const bytes = types.encode(method, args)
    const outcome = types.isQuery(method) ? this.#net.query(to, bytes, method) : this.#net.call(to, method, bytes, { rounds: 200 })
    if (outcome.kind === 'reject') throw new Error(expectReject(outcome))
    return types.decode(method, outcome.bytes)
  }
}
