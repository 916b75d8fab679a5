/** The registry of a network: which subnets there are, which ids they host, and what the root certifies about them. */
import { type Delegation, text } from '@tidemark/certification'
import type { Replica, SubnetDirectory, SubnetEntry } from '@tidemark/replica'
import type { Principal, RangesForm } from '@tidemark/types'
import { indexOf } from './ranges.ts'

/** A delegation is made anew when so much block time has passed, nanoseconds. */
const delegationLifeNanos = 60_000_000_000n

interface KnownDelegation {
  readonly delegation: Delegation
  readonly timeNanos: bigint
  readonly version: number
}

/** A directory between two rounds. Immutable. */
export interface CapturedDirectory {
  readonly version: number
  readonly entries: readonly SubnetEntry[]
  readonly delegations: ReadonlyMap<string, KnownDelegation>
}

export class NetworkDirectory implements SubnetDirectory {
  version = 0
  #entries: SubnetEntry[] = []
  readonly #byKey = new Map<string, SubnetEntry>()
  #delegations = new Map<string, KnownDelegation>()
  readonly #isRoot: (entry: SubnetEntry) => boolean
  readonly #rootReplica: () => Replica

  constructor(options: { readonly isRoot: (entry: SubnetEntry) => boolean; readonly rootReplica: () => Replica }) {
    this.#isRoot = options.isRoot
    this.#rootReplica = options.rootReplica
  }

  get root(): SubnetEntry {
    const root = this.#entries.find(this.#isRoot) ?? this.#entries[0]
    if (root === undefined) throw new RangeError('a network without subnets has no root')
    return root
  }

  add(entry: SubnetEntry): void {
    this.#entries.push(entry)
    this.#byKey.set(entry.id.key, entry)
    this.version++
  }

  remove(id: Principal): void {
    this.#entries = this.#entries.filter((entry) => entry.id.key !== id.key)
    this.#byKey.delete(id.key)
    this.#delegations.delete(id.key)
    this.version++
  }

  capture(): CapturedDirectory {
    return { version: this.version, entries: [...this.#entries], delegations: new Map(this.#delegations) }
  }

  restore({ version, entries, delegations }: CapturedDirectory): void {
    this.version = version
    this.#entries = [...entries]
    this.#delegations = new Map(delegations)
    this.#byKey.clear()
    for (const entry of entries) this.#byKey.set(entry.id.key, entry)
  }

  entries(): readonly SubnetEntry[] {
    return this.#entries
  }

  subnet(id: Principal): SubnetEntry | undefined {
    return this.#byKey.get(id.key)
  }

  hostOf(canisterId: Principal): SubnetEntry | undefined {
    const index = indexOf(canisterId)
    if (index === undefined) return undefined
    return this.#entries.find(({ ranges }) => ranges.some(({ first, last }) => index >= first && index <= last))
  }

  delegationOf(subnet: Principal, ranges?: RangesForm): Delegation | undefined {
    const { root } = this
    if (subnet.key === root.id.key) return undefined
    const replica = this.#rootReplica()
    const key = `${subnet.key} ${ranges ?? 'every'}`
    const known = this.#delegations.get(key)
    const timeNanos = replica.timeNanos()
    if (known !== undefined && known.version === this.version && timeNanos < known.timeNanos + delegationLifeNanos) return known.delegation
    const delegation = { subnetId: subnet.bytes, certificate: replica.certificate(delegatedPaths(subnet, ranges)) }
    this.#delegations.set(key, { delegation, timeNanos, version: this.version })
    return delegation
  }
}

/** What a delegation shows: the key, and the canister ids in the form that is asked for, or in both. */
function delegatedPaths({ bytes }: Principal, ranges: RangesForm | undefined): Uint8Array[][] {
  const paths = [[text('subnet'), bytes, text('public_key')]]
  if (ranges === undefined || ranges === 'list') paths.push([text('subnet'), bytes, text('canister_ranges')])
  if (ranges === undefined || ranges === 'parts') paths.push([text('canister_ranges'), bytes])
  return paths
}
