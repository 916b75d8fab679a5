/** Which subnet's state tree has what is asked for. */
import { text, compareLabels } from '@tidemark/certification'
import { Principal, type StatePath } from '@tidemark/types'
import type { Network } from './network.ts'
import type { Subnet } from './subnet.ts'

/** The subnet of the first canister or request that the paths name; undefined when they name none that there is. */
export function subnetOfPaths(network: Network, paths: readonly StatePath[]): Subnet | undefined {
  for (const [top, id] of paths) {
    if (top === undefined || id === undefined) continue
    if (compareLabels(top, text('request_status')) === 0) {
      const found = network.subnets().find(({ replica }) => replica.ingressRecord(id) !== undefined)
      if (found !== undefined) return found
    }
    if (compareLabels(top, text('canister')) === 0 && id.length <= 29) {
      const found = network.hostOf(Principal.fromBytes(id))
      if (found !== undefined) return found
    }
  }
  return undefined
}
