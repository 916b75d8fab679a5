/**
 * Limits of execution and of a round: one table for each type of subnet.
 *
 * @see Interface specification, "Resource limits".
 */
import type { SubnetType } from '@tidemark/cycles'
import { type EntryKind, isInstall, isReplicated } from './entryKind.ts'

/** Bytes of stack that a call chain may use on the public network. Engines have as much when they are told to. */
export const networkStackBudget = 5_242_880

/** Instructions, counts and bytes that bound one execution. */
export interface Limits {
  /** Update, callback, heartbeat, timer and hook. */
  readonly messageInstructions: number
  /** Queries that are not replicated: a composite query with all that it calls. */
  readonly queryInstructions: number
  readonly replicatedQueryInstructions: number
  /** The whole of an install or upgrade. */
  readonly installInstructions: number
  readonly inspectMessageInstructions: number
  /** One slice: what a message does in a round, and what a single bulk operation or system call may cost at most. */
  readonly sliceInstructions: number
  /** The same for installs and upgrades. */
  readonly installSliceInstructions: number
  /** What one core may use in one round. */
  readonly roundInstructions: number
  /** Long executions that stay suspended between rounds; further ones start anew when it is their turn. */
  readonly pausedExecutions: number
  /** Bytes of memory that a round may change before it ends. */
  readonly roundHeapDeltaBytes: number
  /** Bytes of memory that a canister may change per round on average. */
  readonly canisterHeapDeltaBytes: number
  /** Instructions of installs that a canister may use per round on average. */
  readonly installRateInstructions: number
  /** Bytes of memory that all canisters may change between two checkpoints, and how many of them right after one. */
  readonly subnetHeapDeltaBytes: number
  readonly subnetHeapDeltaReserveBytes: number
  /** Rounds from one checkpoint to the next. */
  readonly checkpointRounds: number
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
  /** Bytes of best-effort messages that may wait when a round ends. */
  readonly bestEffortMemoryBytes: number
  /** Bytes of stable memory that one message may write, and read. */
  readonly stableAccessBytes: number
  readonly stableAccessBytesUpgrade: number
  readonly stableAccessBytesQuery: number
  readonly compositeQueryDepth: number
  readonly compositeCallInstructions: number
  /** How long a composite query may take with all that it calls, by the clock of the node. */
  readonly compositeQueryMillis: number
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
    case 'lifecycle_hook':
      return limits.messageInstructions
    case 'replicated_query':
      return limits.replicatedQueryInstructions
    default:
      return limits.queryInstructions
  }
}

/** Instructions of a slice of an execution of a kind; undefined where executions have no slices. */
export function sliceOf(limits: Limits, kind: EntryKind): number | undefined {
  if (!isReplicated(kind)) return undefined
  return isInstall(kind) ? limits.installSliceInstructions : limits.sliceInstructions
}

const mib = 1_048_576
const gib = 1_073_741_824

/** The shorter of the slices: from it on an operation may cost too much. */
export const largeOperationInstructions = 2_000_000_000

/** Limits of an application subnet, verified or not. */
export const applicationLimits: Limits = {
  messageInstructions: 40_000_000_000,
  queryInstructions: 5_000_000_000,
  replicatedQueryInstructions: 5_000_000_000,
  installInstructions: 300_000_000_000,
  inspectMessageInstructions: 200_000_000,
  sliceInstructions: largeOperationInstructions,
  installSliceInstructions: 2_000_000_000,
  roundInstructions: 4_000_000_000,
  pausedExecutions: 4,
  roundHeapDeltaBytes: 200_000_000,
  canisterHeapDeltaBytes: 75 * mib,
  installRateInstructions: 2_000_000_000,
  subnetHeapDeltaBytes: 140 * gib,
  subnetHeapDeltaReserveBytes: 32 * gib,
  checkpointRounds: 500,
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
  bestEffortMemoryBytes: 5 * gib,
  stableAccessBytes: 2 * gib,
  stableAccessBytesUpgrade: 8 * gib,
  stableAccessBytesQuery: gib,
  compositeQueryDepth: 6,
  compositeCallInstructions: 50_000_000,
  compositeQueryMillis: 10_000,
  bestEffortTimeoutSeconds: 300,
}

/** Limits of a system subnet: longer executions, and no brake on how much memory changes and how many responses may be due. */
const systemLimits: Limits = {
  ...applicationLimits,
  messageInstructions: 50_000_000_000,
  replicatedQueryInstructions: 50_000_000_000,
  installInstructions: 1_000_000_000_000,
  installSliceInstructions: 5_000_000_000,
  roundInstructions: 52_000_000_000,
  roundHeapDeltaBytes: 2_000_000_000,
  canisterHeapDeltaBytes: Number.MAX_SAFE_INTEGER,
  installRateInstructions: Number.MAX_SAFE_INTEGER,
  subnetHeapDeltaReserveBytes: applicationLimits.subnetHeapDeltaBytes,
  checkpointRounds: 200,
  guaranteedResponseBytes: Number.MAX_SAFE_INTEGER,
}

/** Instructions that a benchmark may use: practically any number. */
const benchmarkInstructions = 99_999_999_999_999

/** The limits of a subnet of this type. @param instructions - `benchmarking` lets executions run as long as they like */
export function limitsOf(subnetType: SubnetType, instructions: 'production' | 'benchmarking' = 'production'): Limits {
  const limits = subnetType === 'system' ? systemLimits : applicationLimits
  if (instructions === 'production') return limits
  return {
    ...limits,
    messageInstructions: benchmarkInstructions,
    queryInstructions: benchmarkInstructions,
    replicatedQueryInstructions: benchmarkInstructions,
    sliceInstructions: benchmarkInstructions,
    roundInstructions: benchmarkInstructions,
  }
}
