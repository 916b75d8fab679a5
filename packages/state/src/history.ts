/**
 * History of a canister: who changed its code or its controllers, and when.
 *
 * @see Interface specification, "Canister history".
 */
import type { Principal } from '@tidemark/types'

export type InstallMode = 'install' | 'reinstall' | 'upgrade'

/** Who made a change. */
export type ChangeOrigin =
  | { readonly kind: 'from_user'; readonly userId: Principal }
  | { readonly kind: 'from_canister'; readonly canisterId: Principal; readonly canisterVersion: bigint | undefined }

/** What was changed. */
export type ChangeDetails =
  | { readonly kind: 'creation'; readonly controllers: readonly Principal[]; readonly environmentVariablesHash: Uint8Array | undefined }
  | { readonly kind: 'code_uninstall' }
  | { readonly kind: 'code_deployment'; readonly mode: InstallMode; readonly moduleHash: Uint8Array }
  | {
      readonly kind: 'load_snapshot'
      readonly fromCanisterId: Principal | undefined
      readonly snapshotId: Uint8Array
      readonly canisterVersion: bigint
      readonly takenAtTimestampNanos: bigint
      readonly source: SnapshotSource
    }
  | { readonly kind: 'controllers_change'; readonly controllers: readonly Principal[] }

export type SnapshotSource = 'taken_from_canister' | 'metadata_upload'

/** One change. */
export interface CanisterChange {
  readonly timestampNanos: bigint
  /** Version after the change. */
  readonly canisterVersion: bigint
  readonly origin: ChangeOrigin
  readonly details: ChangeDetails
}

/** How many changes are kept. */
export const historyCapacity = 20

/** The latest changes, oldest first, and how many there ever were. */
export interface CanisterHistory {
  changes: CanisterChange[]
  total: bigint
}

/** Appends a change and drops the oldest one beyond the capacity. */
export function recordChange(history: CanisterHistory, change: CanisterChange): void {
  history.changes.push(change)
  history.total += 1n
  if (history.changes.length > historyCapacity) history.changes.shift()
}

/** Bytes that the history counts for in the canister's memory usage. */
export function historyBytes(history: CanisterHistory): number {
  let bytes = 0
  for (const change of history.changes) bytes += changeBytes(change)
  return bytes
}

/** Bytes by which the next change makes the history larger: below zero when a larger one makes room for it. */
export function historyGrowthBytes(history: CanisterHistory, next: Pick<CanisterChange, 'details'>): number {
  const [oldest] = history.changes
  const dropped = history.changes.length < historyCapacity || oldest === undefined ? 0 : changeBytes(oldest)
  return changeBytes(next) - dropped
}

// As 64-bit implementations lay a change out, with room for its largest kind: times, an origin with a principal, and details.
function changeBytes({ details }: Pick<CanisterChange, 'details'>): number {
  const controllers = details.kind === 'creation' || details.kind === 'controllers_change' ? details.controllers.length * 30 : 0
  return 192 + controllers
}
