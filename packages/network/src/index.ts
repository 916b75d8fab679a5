export { createNetwork, type Network, type NetworkOptions } from './network.ts'
export type { NetworkLedger } from './ledger.ts'
export { mainnetKindOf, type SubnetKind, subnetKinds } from './kinds.ts'
export type { Subnet, SubnetOptions } from './subnet.ts'
