/** Snapshots by name. They live in memory, share what they have in common, and end with the process. */
import type { AdministeredNetwork, Companion } from './administered.ts'
import { AdminError } from './adminError.ts'
import type { SnapshotFacts } from './answers.ts'
import type { NetworkClock } from './networkClock.ts'

/** Snapshots that are kept at once. */
const snapshotsMax = 64
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

interface Kept<Snapshot> {
  readonly facts: SnapshotFacts
  readonly snapshot: Snapshot
  readonly offsetNanos: bigint
  readonly bringBack: readonly (() => void)[]
}

export class SnapshotShelf<Snapshot> {
  readonly #network: AdministeredNetwork<Snapshot>
  readonly #clock: NetworkClock
  readonly #companions: readonly Companion[]
  readonly #wall: () => bigint
  readonly #kept = new Map<string, Kept<Snapshot>>()
  #numbered = 0

  constructor(
    network: AdministeredNetwork<Snapshot>,
    { clock, companions, wall }: { clock: NetworkClock; companions: readonly Companion[]; wall: () => bigint },
  ) {
    this.#network = network
    this.#clock = clock
    this.#companions = companions
    this.#wall = wall
  }

  get size(): number {
    return this.#kept.size
  }

  /** In the order in which they were taken. */
  list(): readonly SnapshotFacts[] {
    return [...this.#kept.values()].map(({ facts }) => facts)
  }

  /** @param name - by default the next free `snapshot-N`. @throws AdminError for a name that is none or taken, and for too many */
  take(name: string | undefined, replace: boolean): SnapshotFacts {
    const chosen = name ?? this.#freeName()
    if (!namePattern.test(chosen)) {
      throw new AdminError('invalid_request', 'A name of a snapshot has at most 64 letters, digits, dots, dashes and underscores.')
    }
    if (this.#kept.has(chosen) && !replace) throw new AdminError('snapshot_exists', `There is a snapshot "${chosen}" already.`)
    if (!this.#kept.has(chosen) && this.#kept.size >= snapshotsMax) {
      throw new AdminError('too_many_snapshots', `At most ${snapshotsMax} snapshots are kept: delete one first.`)
    }
    const facts: SnapshotFacts = {
      name: chosen,
      round: String(this.#network.round()),
      blockTimeNanos: String(this.#network.timeNanos()),
      takenAtNanos: String(this.#wall()),
    }
    const bringBack = this.#companions.map((companion) => companion.capture())
    const kept = { facts, snapshot: this.#network.snapshot(), offsetNanos: this.#clock.offsetNanos(), bringBack }
    this.#kept.delete(chosen)
    this.#kept.set(chosen, kept)
    return facts
  }

  /** The network is as it was; its clock goes on as it would have. @throws AdminError for an unknown name */
  load(name: string): SnapshotFacts {
    const { facts, snapshot, offsetNanos, bringBack } = this.#require(name)
    this.#network.restore(snapshot)
    for (const bring of bringBack) bring()
    this.#clock.set(BigInt(facts.blockTimeNanos))
    this.#clock.setOffset(offsetNanos)
    return facts
  }

  /** @throws AdminError for an unknown name */
  delete(name: string): SnapshotFacts {
    const { facts } = this.#require(name)
    this.#kept.delete(name)
    return facts
  }

  #require(name: string): Kept<Snapshot> {
    const kept = this.#kept.get(name)
    if (kept === undefined) throw new AdminError('snapshot_unknown', `There is no snapshot "${name.slice(0, 64)}".`)
    return kept
  }

  #freeName(): string {
    do this.#numbered++
    while (this.#kept.has(`snapshot-${this.#numbered}`))
    return `snapshot-${this.#numbered}`
  }
}
