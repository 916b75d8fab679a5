import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import { createMemoryStore, type HookHost, type HookOptions, Hooks, type HookStore, type Notification, hookNameOf } from '../src/index.ts'

export const self = Principal.fromUint8Array(Uint8Array.of(7, 1))
export const monitor = Principal.fromUint8Array(Uint8Array.of(9, 1))
export const network = Principal.managementCanister()

/** A canister alone in the world: what it does soon is done when asked, calls to itself reach the hooks, others are answered. */
export class FakeCanister {
  readonly ran: string[] = []
  readonly later: (() => Promise<void>)[] = []
  readonly store: HookStore
  readonly hooks: Hooks
  balance = 1_000n
  heap = 10n
  time = 0n
  /** What the handler of an event does. */
  handler: (event: Notification) => Promise<void> | void = () => undefined
  /** What the canister's other methods do when it calls itself. */
  readonly methods = new Map<string, (args: Uint8Array) => Uint8Array>()

  constructor(options: HookOptions = {}, store: HookStore = createMemoryStore()) {
    this.store = store
    const host: HookHost = {
      self: () => self,
      timeNanos: () => this.time,
      balanceCycles: () => this.balance,
      heapBytes: () => this.heap,
      call: (_, method, args) => this.#call(method, args),
      soon: (run) => void this.later.push(run),
    }
    this.hooks = new Hooks({ host, store, options, handle: (event) => this.#handle(event) })
  }

  /** Runs what was to be run soon, and what that leads to. */
  async settle(): Promise<void> {
    for (let run = this.later.shift(); run !== undefined; run = this.later.shift()) await run()
  }

  async #handle(event: Notification): Promise<void> {
    await this.handler(event)
    this.ran.push(hookNameOf(event))
  }

  async #call(method: string, args: Uint8Array): Promise<Uint8Array> {
    if (method === 'raw_rand') {
      this.time += 1_000_000_000n
      return new Uint8Array(0)
    }
    try {
      if (method !== 'canister_hook_run') return this.methods.get(method)?.(args) ?? new Uint8Array(0)
      await this.hooks.runJob(self, IDL.decode([IDL.Nat64], args)[0] as unknown as bigint)
      return new Uint8Array(0)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      throw { type: 'CallRejected', rejectCode: 5, rejectMessage: `IC0503: ${message}` }
    }
  }
}
