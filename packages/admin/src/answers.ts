/** What the administration answers, as JSON: times are nanoseconds since 1970 in decimal digits. */

export interface NetworkTime {
  /** What the next round would get. */
  readonly timeNanos: string
  /** Of the last finished round. */
  readonly blockTimeNanos: string
  /** By how much the network is ahead of the machine's clock; negative when it is behind. */
  readonly offsetNanos: string
  /** Number of the last finished round. */
  readonly round: string
  readonly progress: 'auto' | 'paused'
}

export interface SnapshotFacts {
  readonly name: string
  readonly round: string
  readonly blockTimeNanos: string
  /** Of the machine, when it was taken. */
  readonly takenAtNanos: string
}

/** What became of one lifecycle hook of a canister. Counts are decimal digits. */
export interface HookFacts {
  readonly name: string
  /** `pending` as long as a run waits; otherwise how the last one ended: `idle`, `ran`, `trapped` or `skipped`. */
  readonly state: string
  /** Why the last run was skipped, or the text of its trap. */
  readonly reason?: string
  /** Idempotency number of the next run when one waits, otherwise of the last. */
  readonly number?: string
  readonly pending: string
  readonly runs: string
  readonly dropped: string
  /** The protocol's own state of `canister_on_low_wasm_memory`: `condition_not_satisfied`, `ready` or `executed`. */
  readonly condition?: string
}

export interface NetworkStatus extends NetworkTime {
  readonly version: string
  /** Address of the public interface. */
  readonly url: string
  /** DER form, hexadecimal. */
  readonly rootKey: string
  readonly canisters: number
  readonly snapshots: number
  readonly trace: {
    /** Whether events are recorded now. */
    readonly recording: boolean
    readonly streams: number
    /** Number of the oldest event that is kept, and of the next. */
    readonly oldestSeq: number
    readonly nextSeq: number
  }
}

/** The error's form; everything else is an answer of its route. */
export interface AdminAnswer {
  readonly error?: { readonly code: string; readonly message: string }
}
