import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import type { lifecycleHooksExampleTypes as example } from '@tidemark/bindings'
import { hookNameOf, Hooks, type Notification } from '@tidemark/hooks'
import { call } from 'azle'
import { host } from './host.ts'
import { createStableStore } from './stableStore.ts'

const kept = 200
const noArguments = IDL.encode([], [])

/** What the canister does with its hooks. The dice are lost on an upgrade, and seeded again. */
export class Example {
  readonly hooks: Hooks
  seed = 0n
  rolls = 0n
  /** The hook whose handler traps; `nothing` mends the trapping methods, so that they can be sent again. */
  failing = ''
  readonly ballast: Uint8Array[] = []
  /** The hooks in the order in which their handlers began; those that failed left nothing. */
  readonly order: string[] = []

  constructor(init: example.Init | undefined) {
    this.hooks = new Hooks({
      host,
      store: createStableStore(),
      options: {
        gateSeconds: numberOf(init?.gate_seconds),
        cyclesThreshold: init?.cycles_threshold[0],
        heapMemoryThreshold: init?.heap_memory_threshold[0],
        outputQueueCapacity: numberOf(init?.output_queue_capacity),
      },
      handle: (event) => this.#handle(event),
    })
    const monitors = init?.monitors[0]
    if (monitors !== undefined) this.hooks.setMonitors(monitors)
  }

  /** Fails on demand, which is what the trapping methods do. */
  failUnlessMended(reason: string): void {
    if (this.failing !== 'nothing') throw new Error(reason)
  }

  async #handle(event: Notification): Promise<void> {
    const hook = hookNameOf(event)
    if (this.failing === hook) throw new Error(`${hook} was told to fail`)
    this.order.push(hook)
    if (this.order.length > kept) this.order.shift()
    if ('PostInit' in event) this.seed = await fetchSeed()
  }
}

/** A random number from the network, or an answer one round later for those who only want to wait. */
export async function fetchSeed(): Promise<bigint> {
  const reply = await call(Principal.managementCanister(), 'raw_rand', { raw: true, args: noArguments })
  const [random] = IDL.decode([IDL.Vec(IDL.Nat8)], reply)
  return random instanceof Uint8Array ? new DataView(random.buffer, random.byteOffset).getBigUint64(0) : 0n
}

function numberOf(value: [] | [bigint] | undefined): number | undefined {
  const [given] = value ?? []
  return given === undefined ? undefined : Number(given)
}
