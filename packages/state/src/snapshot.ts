/**
 * Snapshots of a canister.
 *
 * @see Interface specification, "Canister snapshots".
 */
import type { Principal } from '@tidemark/types'
import type { SnapshotSource } from './history.ts'
import type { PagedMemory } from './pagedMemory.ts'
import type { GlobalValue, HookStatus } from './executionState.ts'

export interface CanisterSnapshot {
  /** Eight bytes big-endian of a counter, then the canister id. */
  readonly id: Uint8Array
  readonly canisterId: Principal
  readonly source: SnapshotSource
  readonly takenAtTimestampNanos: bigint
  readonly canisterVersion: bigint
  /** As uploaded. */
  wasmModule: Uint8Array
  readonly globals: readonly GlobalValue[]
  /** The heap; pages that are all zero are not stored. */
  readonly heap: PagedMemory
  readonly stableMemory: PagedMemory
  readonly certifiedData: Uint8Array
  /** Chunks by their hash in hexadecimal. */
  readonly chunkStore: Map<string, Uint8Array>
  /** Nanoseconds; undefined when not recorded. */
  readonly globalTimer: bigint | undefined
  readonly hookStatus: HookStatus | undefined
  /** Bytes: heap, stable memory, globals, module, certified data and 1 MiB per chunk. */
  sizeBytes: number
}
