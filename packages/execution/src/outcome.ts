/** What an execution returns: a value, from which commit alone changes state. */
import type { LoggedRecords } from '@tidemark/state'
import type { Answer, OutgoingCall } from './execution.ts'
import type { ExecutionError } from './trap.ts'

export interface ExecutionOutcome extends LoggedRecords {
  /** Set when the execution failed: then nothing but logs and instructions counts. */
  readonly error: ExecutionError | undefined
  readonly instructionsUsed: number
  readonly answer: Answer | undefined
  readonly calls: readonly OutgoingCall[]
  readonly acceptedCycles: bigint
  readonly burnedCycles: bigint
  readonly mintedCycles: bigint
  readonly reservedCycles: bigint
  /** Sum of everything that calls took from the balance. */
  readonly spentCycles: bigint
  readonly certifiedData: Uint8Array | undefined
  readonly globalTimerNanos: bigint | undefined
  /** For `canister_inspect_message`. */
  readonly acceptedMessage: boolean
  /** 4 KiB pages written. */
  readonly dirtyHeapPages: number
  readonly dirtyStablePages: number
}
