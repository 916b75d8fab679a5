/** What a round has left, and whom it has served so far. */
import type { CanisterState } from '@tidemark/state'

export interface RoundProgress {
  /** Instructions that each core may still use. */
  instructions: number
  /** Canisters that had something to do. */
  readonly scheduled: Set<CanisterState>
  /** Canisters that were first on their core, or did all that they had to do. */
  readonly fullTurns: Set<CanisterState>
  /** Canisters in which a long execution of an earlier round went on. */
  readonly continued: Set<CanisterState>
  /** Canisters that must wait because they changed too much memory. */
  readonly heldBack: Set<CanisterState>
}

/** The start of a round. */
export function startProgress(instructions: number): RoundProgress {
  return { instructions, scheduled: new Set(), fullTurns: new Set(), continued: new Set(), heldBack: new Set() }
}
