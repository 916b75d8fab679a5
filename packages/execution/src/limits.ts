/**
 * Limits of execution: one table.
 *
 * @see Interface specification, "Resource limits"; figures of an application subnet.
 */

import type { EntryKind } from './entryKind.ts'

/** Instructions, counts and bytes that bound one execution. */
export interface Limits {
  /** Update, callback, heartbeat, timer and hook. */
  readonly messageInstructions: number
  /** Queries and replicated queries. */
  readonly queryInstructions: number
  /** The whole of an install or upgrade. */
  readonly installInstructions: number
  readonly inspectMessageInstructions: number
  /** One slice: what a single bulk operation or system call may cost at most. */
  readonly sliceInstructions: number
  /** What all canisters together may use in one round. */
  readonly roundInstructions: number
  /** Share of the message limit kept back for cleanup, in percent. */
  readonly cleanupReservePercent: number
  /** Bytes of a reply or reject of a replicated message. */
  readonly responseBytes: number
  /** Bytes of a reply of a query that is not replicated. */
  readonly queryResponseBytes: number
  /** Bytes of a call to a canister of the same subnet. */
  readonly requestBytes: number
  readonly methodNameBytes: number
  readonly certifiedDataBytes: number
  readonly stableMemoryPages: number
  /** Open callbacks that a canister may always have. */
  readonly guaranteedCallbacks: number
  /** Open callbacks on the subnet from which on a canister may have no more than those. */
  readonly subnetCallbacks: number
  /** Bytes that the subnet keeps for guaranteed responses. */
  readonly guaranteedResponseBytes: number
  /** Bytes of stable memory that one message may write, and read. */
  readonly stableAccessBytes: number
  readonly stableAccessBytesUpgrade: number
  readonly stableAccessBytesQuery: number
  readonly compositeQueryDepth: number
  readonly compositeCallInstructions: number
  readonly bestEffortTimeoutSeconds: number
}

/** Instructions that a whole execution of a kind may use: the figure that error texts name. */
export function instructionLimitOf(limits: Limits, kind: EntryKind): number {
  switch (kind) {
    case 'start':
    case 'init':
    case 'pre_upgrade':
    case 'post_upgrade':
      return limits.installInstructions
    case 'inspect_message':
      return limits.inspectMessageInstructions
    case 'update':
    case 'reply_callback':
    case 'reject_callback':
    case 'cleanup':
    case 'heartbeat':
    case 'global_timer':
    case 'on_low_wasm_memory':
      return limits.messageInstructions
    default:
      return limits.queryInstructions
  }
}

const gib = 1_073_741_824

/** Limits of an application subnet. */
export const applicationLimits: Limits = {
  messageInstructions: 40_000_000_000,
  queryInstructions: 5_000_000_000,
  installInstructions: 300_000_000_000,
  inspectMessageInstructions: 200_000_000,
  sliceInstructions: 2_000_000_000,
  roundInstructions: 4_000_000_000,
  cleanupReservePercent: 5,
  responseBytes: 2_097_152,
  queryResponseBytes: 3_145_728,
  requestBytes: 10_485_760,
  methodNameBytes: 20_000,
  certifiedDataBytes: 32,
  stableMemoryPages: (500 * gib) / 65_536,
  guaranteedCallbacks: 50,
  subnetCallbacks: 1_000_000,
  guaranteedResponseBytes: 15 * gib,
  stableAccessBytes: 2 * gib,
  stableAccessBytesUpgrade: 8 * gib,
  stableAccessBytesQuery: gib,
  compositeQueryDepth: 6,
  compositeCallInstructions: 50_000_000,
  bestEffortTimeoutSeconds: 300,
}
