/** Every way in which canister code, or the management canister for one, can run. A closed list: readers switch over it. */
export const traceKinds = [
  'update',
  'query',
  'replicated_query',
  'composite_query',
  'init',
  'pre_upgrade',
  'post_upgrade',
  'start',
  'heartbeat',
  'global_timer',
  'on_low_wasm_memory',
  'lifecycle_hook',
  'reply_callback',
  'reject_callback',
  'cleanup',
  'inspect_message',
  'management',
] as const

export type TraceKind = (typeof traceKinds)[number]

/** How a message ended. */
export const traceOutcomes = ['returned', 'trapped'] as const

export type TraceOutcome = (typeof traceOutcomes)[number]

/** One executed message. Amounts that may pass 2^53 are BigInt. */
export type TraceEvent = {
  /** Counts up by one from 0 within a recording, in the order of execution. */
  readonly seq: number
  readonly round: bigint
  /** Time of the round, nanoseconds since 1970. */
  readonly timeNanos: bigint
  /** Text form of the canister that ran; for `management`, of the canister it was about. */
  readonly canisterId: string
  readonly kind: TraceKind
  /** Present where the entry point has a name of its own: methods, lifecycle hooks and management calls. */
  readonly methodName?: string
  readonly instructions: bigint
  /** Net of refunds, in cycles. */
  readonly cyclesCharged: bigint
  /** 4 KiB pages of the heap that the message wrote to, also when it was rolled back. */
  readonly heapPagesDirtied: number
  /** Memory usage of the canister around the message, in bytes; equal after a rollback. */
  readonly memoryBefore: bigint
  readonly memoryAfter: bigint
  readonly outcome: TraceOutcome
  /** Text of the trap, or of the reject that a message returned. */
  readonly error?: string
  /** Lines that the message printed. */
  readonly logs: readonly string[]
  /** `seq` of the message that made this one happen: the caller of a method, the callee of a callback. */
  readonly causeSeq?: number
}

/** What a replica hands to a recorder, which numbers it. */
export type TraceEntry = Omit<TraceEvent, 'seq'>
