/**
 * An execution of more than one slice, between two of its rounds. Until its last slice the canister is as it was before,
 * and nothing else runs in it.
 */

/** What is to become state with the last slice. Belongs to the replica package; here it is only carried. */
export interface LongResult {
  readonly kind: 'message' | 'install'
}

/** Never changed in place: every slice puts a new one there. */
export interface LongExecution {
  /** Round in which it began. */
  readonly startedRound: bigint
  /** Instructions of all slices together. */
  readonly instructions: number
  readonly slices: number
  readonly slicesDone: number
  /** Cycles withdrawn for it at its start. */
  readonly prepaidCycles: bigint
  /** Fees of messages that were taken in meanwhile: they are paid just before the last slice ends. */
  readonly ingressDebitCycles: bigint
  readonly result: LongResult
}
