/**
 * What an execution wrote, taken aside while the canister itself is put back. So the parts of a composite query share state
 * that never becomes the canister's, and what a long execution did becomes the canister's rounds later.
 */
import { type CanisterState, type GlobalValue, osPageBytes } from '@tidemark/state'
import { sandboxOf } from './sandboxOf.ts'

/** Heap, globals and stable memory as far as they differ from the canister's own. */
export interface CapturedState {
  readonly heapPages: number
  readonly heap: readonly (readonly [index: number, bytes: Uint8Array])[]
  readonly globals: readonly GlobalValue[]
  readonly stablePages: number
  readonly stable: readonly (readonly [index: number, bytes: Uint8Array])[]
}

/** Takes the present differences aside; call it before the execution is undone. */
export function captureState(canister: CanisterState): CapturedState {
  const { stableMemory } = canister
  const stable = stableMemory.dirtyPageIndexes().map((index) => {
    const bytes = new Uint8Array(osPageBytes)
    stableMemory.read(index * osPageBytes, bytes)
    return [index, bytes] as const
  })
  return { ...sandboxOf(canister).capture(), stablePages: stableMemory.sizePages, stable }
}

/** Puts differences back outside of any execution, as the start of one that `keepExecution` then ends. */
export function reinstateState(canister: CanisterState, captured: CapturedState): void {
  sandboxOf(canister).beginAgain()
  canister.stableMemory.begin()
  reapplyState(canister, captured)
}

/** Puts differences back at the start of an execution; undoing that execution undoes them too. */
export function reapplyState(canister: CanisterState, captured: CapturedState): void {
  sandboxOf(canister).reapply(captured)
  const { stableMemory } = canister
  stableMemory.grow(captured.stablePages - stableMemory.sizePages)
  for (const [index, bytes] of captured.stable) stableMemory.write(index * osPageBytes, bytes)
}
