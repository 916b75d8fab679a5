/** One subnet of a network: a replica with its place. */
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { CostSchedule } from '@tidemark/cycles'
import { type CanisterIndexRange, createReplica, type Replica, type ReplicaOptions } from '@tidemark/replica'
import type { Principal } from '@tidemark/types'
import type { NetworkDirectory } from './directory.ts'
import { type SubnetKind, traitsOf } from './kinds.ts'
import { indexOf } from './ranges.ts'

/** What a subnet is created with. */
export interface SubnetOptions {
  readonly kind: SubnetKind
  /** Id that it goes by. Default: the one that its key has, which is what clients compute that know the key alone. */
  readonly id?: Principal
  /** Default `normal`. */
  readonly costSchedule?: CostSchedule
  /** Who administers it: principals that only subnets with the cost schedule `free` listen to. Default: nobody. */
  readonly subnetAdmins?: readonly Principal[]
  /** `benchmarking` lets executions run as long as they like. Default `production`. */
  readonly instructionLimits?: 'production' | 'benchmarking'
  /** Nodes, which prices scale to. Default: those of its kind on the public network. */
  readonly size?: number
  /** Ids that it hosts, those that it hands out last: of a subnet that was there before. Default: those of its kind, and free ones. */
  readonly ranges?: readonly CanisterIndexRange[]
}

export interface Subnet {
  readonly id: Principal
  readonly kind: SubnetKind
  /** What its keys derive from, 32 bytes. */
  readonly seed: Uint8Array
  readonly costSchedule: CostSchedule
  /** As it was asked for. */
  readonly subnetAdmins: readonly Principal[]
  readonly instructionLimits: 'production' | 'benchmarking'
  /** Ids that it hosts, those that it hands out last. */
  readonly ranges: readonly CanisterIndexRange[]
  readonly replica: Replica
}

/** Whether a canister id is one of a subnet's, whether or not there is such a canister. */
export function hosts({ ranges }: Pick<Subnet, 'ranges'>, canisterId: Principal): boolean {
  const index = indexOf(canisterId)
  return index !== undefined && ranges.some(({ first, last }) => index >= first && index <= last)
}

/** What all subnets of a network have in common. */
export interface SharedOptions {
  readonly networkSeed: Uint8Array
  readonly directory: NetworkDirectory
  readonly replica: Omit<
    ReplicaOptions,
    'place' | 'seed' | 'subnetSize' | 'subnetType' | 'costSchedule' | 'subnetAdmins' | 'instructionLimits'
  >
}

/** Creates a subnet and enters it into the directory. The same seed and ranges give the same keys. */
export function createSubnet(
  options: SubnetOptions,
  hosted: { readonly ranges: readonly CanisterIndexRange[]; readonly allocation: CanisterIndexRange },
  { networkSeed, directory, replica: shared }: SharedOptions,
): Subnet {
  const { kind, costSchedule = 'normal', subnetAdmins = [], instructionLimits = 'production' } = options
  const traits = traitsOf(kind)
  const ranges = [...hosted.ranges, hosted.allocation]
  const seed = seedOf(networkSeed, ranges)
  const { chainKeys } = traits
  const chainKeySeed = sha256(concatBytes(networkSeed, utf8ToBytes('tidemark network chain keys')))
  const replica = createReplica({
    ...shared,
    seed,
    subnetSize: options.size ?? traits.size,
    subnetType: traits.type,
    costSchedule,
    subnetAdmins,
    instructionLimits,
    place: { directory, ranges, allocation: hosted.allocation, chainKeys, chainKeySeed, ...(options.id && { subnetId: options.id }) },
  })
  const id = replica.subnetId
  directory.add({ id, publicKey: replica.publicKey, type: traits.type, ranges: ascending(ranges), chainKeys })
  return { id, kind, seed, costSchedule, subnetAdmins, instructionLimits, ranges, replica }
}

function ascending(ranges: readonly CanisterIndexRange[]): CanisterIndexRange[] {
  return ranges.toSorted((a, b) => (a.first < b.first ? -1 : 1))
}

/** Ranges do not overlap, so that no two subnets of a network have the same keys. */
function seedOf(networkSeed: Uint8Array, ranges: readonly CanisterIndexRange[]): Uint8Array {
  const text = ranges.map(({ first, last }) => `${first}-${last}`).join(' ')
  return sha256(concatBytes(networkSeed, utf8ToBytes(`tidemark subnet ${text}`)))
}
