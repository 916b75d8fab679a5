/** Inputs that no canister and no user could give: what a test does to a network between two rounds. */
import { type CanisterState, PagedMemory, wasmPageBytes } from '@tidemark/state'
import { touch } from './commit/commitExecution.ts'
import { mint } from './management/ledger.ts'
import type { World } from './world.ts'

/** Adds cycles out of nothing; a balance never passes 2^128 − 1. @returns the new balance */
export function addCycles(world: World, canister: CanisterState, amount: bigint): bigint {
  mint(world.state, canister, amount)
  touch(world, canister)
  return canister.balance
}

/** Replaces the stable memory by the bytes, followed by zeros up to a whole number of 64 KiB pages. */
export function setStableMemory(world: World, canister: CanisterState, bytes: Uint8Array): void {
  const memory = new PagedMemory()
  memory.begin()
  memory.grow(Math.ceil(bytes.length / wasmPageBytes))
  memory.write(0, bytes)
  // A page of nothing but zeros is not kept.
  memory.commit()
  canister.stableMemory = memory
  touch(world, canister)
}
