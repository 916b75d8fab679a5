import type { CapturedWorld } from './worldSnapshot.ts'

/**
 * A whole subnet between two rounds: canisters with their memories, queues, open calls, what is in transit, the ingress
 * history, schedule, randomness and time.
 *
 * Immutable, and shares what did not change with the live state and with other snapshots. Any number may be kept and
 * restored in any order, by the replica that took them.
 */
export class ReplicaSnapshot {
  readonly round: bigint
  readonly timeNanos: bigint
  readonly #owner: object
  readonly #captured: CapturedWorld

  /** @param owner - what `captured` belongs to: nobody else gets at it */
  constructor(owner: object, captured: CapturedWorld, at: { readonly round: bigint; readonly timeNanos: bigint }) {
    this.#owner = owner
    this.#captured = captured
    this.round = at.round
    this.timeNanos = at.timeNanos
  }

  /**
   * What was captured.
   *
   * @throws RangeError when somebody else's snapshot is meant
   */
  open(owner: object): CapturedWorld {
    if (owner !== this.#owner) throw new RangeError('The snapshot was taken by another replica.')
    return this.#captured
  }
}
