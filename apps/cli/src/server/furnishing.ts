/** System canisters of a running network, which come back after a reset. */
import type { Companion } from '@tidemark/admin'
import { type Furnishable, installSystemCanisters, type NetworkFacts } from '@tidemark/system-canisters'

export interface Furnishing extends Companion {
  /**
   * Puts the system canisters on the network that are not there yet.
   *
   * @param modules - by the canister's name
   * @throws SystemCanisterError when the network refuses one
   */
  furnish(modules: ReadonlyMap<string, Uint8Array>): void
}

export function createFurnishing(network: Furnishable, facts: Omit<NetworkFacts, 'funded'>): Furnishing {
  let known: ReadonlyMap<string, Uint8Array> = new Map()
  const install = () => installSystemCanisters(network, { ...facts, modules: known, funded: [] })
  return {
    furnish: (modules) => {
      known = modules
      install()
    },
    // A snapshot has the canisters that were there when it was taken.
    capture: () => () => {},
    reset: install,
  }
}
