/** A network's subnets as its system canisters know them. */
import type { Network, Subnet } from '@tidemark/network'
import type { NetworkFacts, SubnetFacts } from '@tidemark/system-canisters'
import { Principal } from '@tidemark/types'

/** The ids of canisters, from the first to the last. */
const allCanisters = { start: Principal.canister(0n), end: Principal.canister(2n ** 64n - 1n) }

/** Facts of a network of one subnet, which hosts every canister. */
export function factsOfReplica(subnetId: Principal): Omit<NetworkFacts, 'funded'> {
  return { subnets: [{ id: subnetId, type: 'application', ranges: [allCanisters] }], defaultSubnets: [subnetId] }
}

/** Facts of a network of several: canisters go to its application subnets, or where the network puts them. */
export function factsOfNetwork(network: Network): Omit<NetworkFacts, 'funded'> {
  const subnets = network.subnets()
  const applications = subnets.filter(({ kind }) => kind === 'application')
  const defaults = applications.length > 0 ? applications : [network.defaultSubnet]
  return { subnets: subnets.map(factsOf), defaultSubnets: defaults.map(({ id }) => id) }
}

function factsOf({ id, kind, ranges }: Subnet): SubnetFacts {
  return { id, type: kind, ranges: ranges.map(({ first, last }) => ({ start: Principal.canister(first), end: Principal.canister(last) })) }
}
