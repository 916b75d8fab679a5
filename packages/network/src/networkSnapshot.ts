/** Snapshots of several subnets with what travels between them. */
import type { ReplicaSnapshot } from '@tidemark/replica'
import type { CapturedDirectory } from './directory.ts'
import type { CapturedStreams } from './streams.ts'
import type { Subnet } from './subnet.ts'

/** What a network is made of between two rounds. */
export interface CapturedNetwork {
  readonly subnets: readonly { readonly subnet: Subnet; readonly snapshot: ReplicaSnapshot }[]
  readonly directory: CapturedDirectory
  readonly streams: CapturedStreams
  readonly round: bigint
  readonly pendingTime: bigint
  readonly nextRange: bigint
}

/** A whole network between two rounds. Immutable; any number may be kept and restored in any order, by the network that took them. */
export class NetworkSnapshot {
  readonly round: bigint
  readonly #owner: object
  readonly #captured: CapturedNetwork

  /** @param owner - what `captured` belongs to: nobody else gets at it */
  constructor(owner: object, captured: CapturedNetwork) {
    this.#owner = owner
    this.#captured = captured
    this.round = captured.round
  }

  /** @throws RangeError when somebody else's snapshot is meant */
  open(owner: object): CapturedNetwork {
    if (owner !== this.#owner) throw new RangeError('The snapshot was taken by another network.')
    return this.#captured
  }
}
