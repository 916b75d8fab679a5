import { createMemoryStore, decodeHook, type HookHost, hookNameOf, Hooks } from '@tidemark/hooks'
import type { Principal } from '@dfinity/principal'

/** A canister in any TypeScript: what it is called with comes in, and `host` is what the network gives it. */
export function createShop(host: HookHost) {
  let stock = 10
  const told: string[] = []
  const hooks = new Hooks({
    host,
    // In the heap; a canister whose heap does not survive an upgrade keeps it in stable memory.
    store: createMemoryStore(),
    options: { gateSeconds: 60, cyclesThreshold: 2_000_000_000_000n },
    handle: async (event) => void told.push(hookNameOf(event)),
  })
  return {
    told,
    stock: () => stock,
    admits: () => hooks.admits,
    /** Each hook method passes on what it got. */
    canister_on_low_cycles: (caller: Principal, args: Uint8Array) => {
      const { event, delivery } = decodeHook('canister_on_low_cycles', args)
      return hooks.receive(caller, event, delivery)
    },
    /** The method by which the canister calls itself. */
    canister_hook_run: (caller: Principal, job: bigint) => hooks.runJob(caller, job),
    /** A method that may trap does its work guarded. */
    sell: (args: Uint8Array) =>
      hooks.guarded('sell', args, () => {
        if (stock === 0) throw new Error('sold out')
        stock -= 1
      }),
    errors: () => hooks.errors,
  }
}
