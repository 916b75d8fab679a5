/**
 * The state of one canister, as data. Only `commit` in the replica package writes to it.
 *
 * @see Interface specification, "Abstract behavior", "The abstract state".
 */
import type { Principal } from '@tidemark/types'
import { createCanisterLog, type CanisterLog } from './canisterLog.ts'
import type { ExecutionState, HookStatus } from './executionState.ts'
import { type CanisterHistory, historyBytes } from './history.ts'
import { createHookRuns, type HookRuns, type LifecycleHooks } from './lifecycleHooks.ts'
import type { LongExecution } from './longExecution.ts'
import type { CallContext, Callback } from './messages.ts'
import { PagedMemory, wasmPageBytes } from './pagedMemory.ts'
import { CanisterQueues } from './queues.ts'
import type { CanisterSettings } from './settings.ts'
import type { CanisterSnapshot } from './snapshot.ts'

/** Who waits for a canister to have stopped. */
export type StopWaiter =
  | { readonly kind: 'ingress'; readonly requestKey: string; readonly sinceNanos: bigint }
  | {
      readonly kind: 'canister'
      readonly caller: Principal
      /** Whom the call named: the management canister, or the subnet. */
      readonly receiver: Principal
      readonly callbackId: bigint
      readonly cycles: bigint
      readonly deadlineNanos: bigint
      readonly sinceNanos: bigint
    }

/** Whether a canister takes messages; while it stops, who waits for that. */
export type CanisterStatus =
  | { readonly kind: 'running' }
  | { readonly kind: 'stopping'; readonly waiters: StopWaiter[] }
  | { readonly kind: 'stopped' }

/** What cycles were spent on. @see Interface specification, "IC method `canister_metrics`". */
export const cyclesUseCases = [
  'memory',
  'compute_allocation',
  'ingress_induction',
  'instructions',
  'request_and_response_transmission',
  'uninstall',
  'canister_creation',
  'http_outcalls',
  'burned_cycles',
] as const
export type CyclesUseCase = (typeof cyclesUseCases)[number]

/** Totals of non-replicated queries. @see Interface specification, "Query statistics". */
export interface QueryStats {
  callsTotal: bigint
  instructionsTotal: bigint
  requestPayloadBytesTotal: bigint
  responsePayloadBytesTotal: bigint
}

/** One canister. */
export interface CanisterState {
  readonly id: Principal
  readonly createdAtNanos: bigint
  lastInstallNanos: bigint | undefined
  status: CanisterStatus
  version: bigint
  settings: CanisterSettings
  /** Undefined for an empty canister. */
  execution: ExecutionState | undefined
  stableMemory: PagedMemory
  certifiedData: Uint8Array
  /** Nanoseconds; 0 when inactive. */
  globalTimerNanos: bigint
  hookStatus: HookStatus
  /** What became of the low-Wasm-memory hook so far, numbered by its crossings. */
  readonly lowWasmMemoryRuns: HookRuns
  /** Undefined while experimental hooks are off, and until code has exported one. */
  lifecycleHooks: LifecycleHooks | undefined
  /** Cycles. */
  balance: bigint
  /** Cycles that can only pay for resources. */
  reservedBalance: bigint
  readonly queues: CanisterQueues
  readonly callContexts: Map<bigint, CallContext>
  readonly callbacks: Map<bigint, Callback>
  nextCallContextId: bigint
  nextCallbackId: bigint
  /** Chunks by their hash in hexadecimal. */
  chunkStore: Map<string, Uint8Array>
  snapshots: CanisterSnapshot[]
  nextSnapshot: bigint
  readonly log: CanisterLog
  readonly history: CanisterHistory
  readonly queryStats: QueryStats
  readonly consumedCycles: Record<CyclesUseCase, bigint>
  /** Block time of the last resource charge. */
  lastChargedNanos: bigint
  /** Instructions of recent installs beyond what the rate limit has worked off. */
  installCodeDebit: bigint
  /** Whose turn it is among timer, heartbeat and message. */
  nextScheduled: 'timer' | 'heartbeat' | 'message'
  /** An execution that has begun in an earlier round and goes on. */
  longExecution: LongExecution | undefined
  /** Bytes of memory that were changed beyond what the rate limit has worked off. */
  heapDeltaDebit: number
  /** Scheduling credit, in millionths of a percent of a core times rounds. */
  accumulatedPriority: number
}

/** A fresh, empty, running canister. */
export function createCanisterState(id: Principal, settings: CanisterSettings, balance: bigint, timeNanos: bigint): CanisterState {
  return {
    id,
    createdAtNanos: timeNanos,
    lastInstallNanos: undefined,
    status: { kind: 'running' },
    version: 0n,
    settings,
    execution: undefined,
    stableMemory: new PagedMemory(),
    certifiedData: new Uint8Array(0),
    globalTimerNanos: 0n,
    hookStatus: 'condition_not_satisfied',
    lowWasmMemoryRuns: createHookRuns(),
    lifecycleHooks: undefined,
    balance,
    reservedBalance: 0n,
    queues: new CanisterQueues(),
    callContexts: new Map(),
    callbacks: new Map(),
    nextCallContextId: 1n,
    nextCallbackId: 1n,
    chunkStore: new Map(),
    snapshots: [],
    nextSnapshot: 0n,
    log: createCanisterLog(),
    history: { changes: [], total: 0n },
    queryStats: { callsTotal: 0n, instructionsTotal: 0n, requestPayloadBytesTotal: 0n, responsePayloadBytesTotal: 0n },
    consumedCycles: Object.fromEntries(cyclesUseCases.map((useCase) => [useCase, 0n])) as Record<CyclesUseCase, bigint>,
    lastChargedNanos: timeNanos,
    installCodeDebit: 0n,
    nextScheduled: 'timer',
    longExecution: undefined,
    heapDeltaDebit: 0,
    accumulatedPriority: 0,
  }
}

/** Bytes of each part of a canister's memory usage. @see Interface specification, "Memory metrics". */
export interface MemoryMetrics {
  readonly wasmMemorySize: number
  readonly stableMemorySize: number
  readonly globalMemorySize: number
  readonly wasmBinarySize: number
  readonly customSectionsSize: number
  readonly canisterHistorySize: number
  readonly wasmChunkStoreSize: number
  readonly snapshotsSize: number
  readonly logMemoryStoreSize: number
}

/** Bytes that a chunk counts for, whatever its length. */
export const chunkBytes = 1_048_576

/** Measures a canister without walking its memory. */
export function memoryMetrics(canister: CanisterState): MemoryMetrics {
  const module = canister.execution?.module
  return {
    wasmMemorySize: (canister.execution?.live.heapPages ?? 0) * wasmPageBytes,
    stableMemorySize: canister.stableMemory.sizeBytes,
    globalMemorySize: module?.globalBytes ?? 0,
    wasmBinarySize: module?.bytes.length ?? 0,
    customSectionsSize: module?.metadataBytes ?? 0,
    canisterHistorySize: historyBytes(canister.history),
    wasmChunkStoreSize: canister.chunkStore.size * chunkBytes,
    snapshotsSize: canister.snapshots.reduce((sum, snapshot) => sum + snapshot.sizeBytes, 0),
    logMemoryStoreSize: canister.log.storeBytes,
  }
}

/** Bytes that a canister uses in all. */
export function memoryUsage(canister: CanisterState): number {
  const m = memoryMetrics(canister)
  return (
    m.wasmMemorySize +
    m.stableMemorySize +
    m.globalMemorySize +
    m.wasmBinarySize +
    m.customSectionsSize +
    m.canisterHistorySize +
    m.wasmChunkStoreSize +
    m.snapshotsSize +
    m.logMemoryStoreSize
  )
}

/** Bytes that a canister takes from the subnet: the larger of its allocation and its usage. */
export function allocatedBytes(canister: CanisterState): bigint {
  const usage = BigInt(memoryUsage(canister))
  return usage > canister.settings.memoryAllocation ? usage : canister.settings.memoryAllocation
}
