/** What a subnet knows of the network that it is part of: the registry's routing table, keys, and who signs for canisters. */
import type { Delegation } from '@tidemark/certification'
import type { SubnetType } from '@tidemark/cycles'
import type { Principal, RangesForm } from '@tidemark/types'

/** Canister ids by their number, both ends included. */
export interface CanisterIndexRange {
  readonly first: bigint
  readonly last: bigint
}

/** One subnet, as all others see it. */
export interface SubnetEntry {
  readonly id: Principal
  /** DER, 133 bytes. */
  readonly publicKey: Uint8Array
  readonly type: SubnetType
  /** Ids that it hosts, in ascending order. */
  readonly ranges: readonly CanisterIndexRange[]
  /** Names of the keys that it signs with for canisters of the whole network. */
  readonly chainKeys: readonly string[]
}

/** The subnets of one network. It changes between rounds only. */
export interface SubnetDirectory {
  /** Grows with every change. */
  readonly version: number
  /** The subnet whose key certificates verify under. */
  readonly root: SubnetEntry
  /** All subnets, in the order of their ids. */
  entries(): readonly SubnetEntry[]
  subnet(id: Principal): SubnetEntry | undefined
  /** The subnet that hosts a canister id, whether or not there is such a canister. */
  hostOf(canisterId: Principal): SubnetEntry | undefined
  /** The root subnet's certificate about another subnet, with its canister ids in a form or in every one; undefined for the root itself. */
  delegationOf(subnet: Principal, ranges?: RangesForm): Delegation | undefined
}

/** Where a subnet stands in its network. */
export interface SubnetPlace {
  readonly directory: SubnetDirectory
  /** Id that it goes by. Default: the one that its key has. */
  readonly subnetId?: Principal
  /** Ids that it hosts, in ascending order. */
  readonly ranges: readonly CanisterIndexRange[]
  /** Those of them that it hands out. */
  readonly allocation: CanisterIndexRange
  /** Names of the keys that it signs with. */
  readonly chainKeys: readonly string[]
  /** What those keys derive from: the same on all subnets that hold a key. 32 bytes. */
  readonly chainKeySeed: Uint8Array
}
