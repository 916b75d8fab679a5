/** What the administration works on: a network or a replica, and what makes its rounds. */
import type { TraceRecorder } from '@tidemark/trace'

/** A network of one or several subnets. `Snapshot` is its own business. */
export interface AdministeredNetwork<Snapshot> {
  /** DER form. */
  readonly rootKey: Uint8Array
  /** Time of the last finished round, nanoseconds since 1970. */
  timeNanos(): bigint
  /** Number of the last finished round. */
  round(): bigint
  snapshot(): Snapshot
  /** Goes to a snapshot that this network took. */
  restore(snapshot: Snapshot): void
  /** Hands its trace events to a recorder, or to none. */
  watch(trace: TraceRecorder | undefined): void
}

/** What decides when rounds happen. */
export interface RoundControl {
  isPaused(): boolean
  pause(): void
  resume(): void
  /** One round now. @throws whatever stopped the network */
  round(timeNanos?: bigint): void
}

/** Something outside of the network that goes with its state, such as a file with the ids of its canisters. */
export interface Companion {
  /** Remembers how it is; the returned function brings that back. */
  capture(): () => void
  /** Puts it into the state that it had when the network began. */
  reset(): void
}
