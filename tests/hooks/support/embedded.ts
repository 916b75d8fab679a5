/** The embedded replica, with hooks of its own, or without them and with the monitor watching. */
import type { lifecycleHooksExampleTypes as example, monitorTypes } from '@tidemark/bindings'
import { managementCanisterId, type Principal } from '@tidemark/types'
import { candid, expectReject, expectReply, network, type TestNetwork, user } from '../../support/index.ts'
import { exampleInit, exampleInterface, experimentalInterface, type Interface, monitorInit, monitorInterface } from './candid.ts'
import { moduleOf } from './modules.ts'
import type { ExampleCanister, HookTarget, Language, Thresholds } from './target.ts'

/** A new network. Only the library's form has a monitor. */
export function createEmbedded(form: 'native' | 'library'): HookTarget {
  const net = network({ experimentalHooks: form === 'native' })
  let monitor: Principal | undefined
  return {
    async deploy(language) {
      if (form === 'library') monitor ??= net.install(await moduleOf('monitor'), monitorInit)
      const controllers = monitor === undefined ? [user] : [user, monitor]
      const id = net.create({ settings: { controllers } })
      const canister = new EmbeddedCanister(net, id, { language, monitor })
      await canister.install()
      return canister
    },
  }
}

interface Surroundings {
  readonly language: Language
  readonly monitor: Principal | undefined
}

class EmbeddedCanister implements ExampleCanister {
  readonly #net: TestNetwork
  readonly #id: Principal
  readonly #language: Language
  readonly #monitor: Principal | undefined

  constructor(net: TestNetwork, id: Principal, { language, monitor }: Surroundings) {
    this.#net = net
    this.#id = id
    this.#language = language
    this.#monitor = monitor
  }

  async install(): Promise<void> {
    const monitors = this.#monitor === undefined ? [] : [candid(this.#monitor)]
    expectReply(this.#net.installInto(this.#id, await moduleOf(this.#language), exampleInit(monitors)))
    await this.settle()
  }

  async upgrade(): Promise<void> {
    const keep = { upgrade: [{ skip_pre_upgrade: [], wasm_memory_persistence: [{ keep: null }] }] }
    const plain = { upgrade: [] }
    const mode = this.#language === 'motoko' ? keep : plain
    const monitors = this.#monitor === undefined ? [] : [candid(this.#monitor)]
    expectReply(this.#net.installInto(this.#id, await moduleOf(this.#language), exampleInit(monitors), mode))
    await this.settle()
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
    const optional = (value: bigint | undefined) => (value === undefined ? [] : [value])
    if (this.#monitor === undefined) {
      const settings = {
        low_cycles_threshold: optional(cycles),
        low_heap_memory_threshold: optional(heapMemory),
        post_init_gate_seconds: [],
      }
      const arg = experimentalInterface.encode('update_settings', [{ canister_id: candid(this.#id), settings }])
      expectReply(this.#net.call(managementCanisterId, 'update_settings', arg, { effectiveCanisterId: this.#id }))
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
