/** One hash over a whole subnet: what is certified, and what no certificate shows. */
import { digest, type LabeledNode } from '@tidemark/certification'
import type { CanisterState, PagedMemory } from '@tidemark/state'
import { toHex } from '@tidemark/types'
import { sha256 } from '@noble/hashes/sha2.js'
import { heldCycles } from '../heldCycles.ts'
import type { World } from '../world.ts'

const encoder = new TextEncoder()

/** Two subnets with the same hash go on alike. Walks all memory. @param certified - root of the state tree */
export function stateHash(world: World, certified: LabeledNode): Uint8Array {
  const { state } = world
  const hash = sha256.create()
  const add = (...values: readonly (string | number | bigint | boolean | undefined)[]): void => {
    hash.update(encoder.encode(`${values.join(' ')}\n`))
  }
  hash.update(digest(certified))
  add(state.timeNanos, state.round, state.nextCanisterIndex, state.openCalls, state.guaranteedCalls, state.nextHttpOutcallId)
  add(state.mintedCycles, state.burnedCycles, state.sentCycles, state.receivedCycles, heldCycles(state))
  add(state.inTransit.size, state.managementQueue.size, state.outgoing.size, state.httpOutcalls.size, state.ingressHistory.size)
  for (const canister of state.canisters()) {
    add(...describe(canister))
    for (const { idx, timestampNanos, content } of canister.log.records) add(idx, timestampNanos, toHex(content))
    const { execution, stableMemory } = canister
    addMemory(hash, add, stableMemory)
    if (execution === undefined) continue
    addMemory(hash, add, execution.live.exportHeap())
    for (const global of execution.live.exportGlobals()) add(...Object.values(global).map((part) => String(part)))
  }
  return hash.digest()
}

function describe(canister: CanisterState): (string | number | bigint)[] {
  const { queryStats, consumedCycles, settings } = canister
  return [
    canister.id.key,
    canister.balance,
    canister.reservedBalance,
    canister.version,
    canister.globalTimerNanos,
    canister.hookStatus,
    canister.nextCallbackId,
    canister.nextCallContextId,
    canister.callbacks.size,
    canister.callContexts.size,
    canister.accumulatedPriority,
    canister.nextScheduled,
    canister.snapshots.length,
    canister.chunkStore.size,
    canister.history.total,
    settings.freezingThreshold,
    settings.wasmMemoryThreshold,
    ...Object.values(queryStats),
    ...Object.values(consumedCycles),
  ]
}

function addMemory(hash: { update(bytes: Uint8Array): unknown }, add: (...values: number[]) => void, memory: PagedMemory): void {
  add(memory.sizePages)
  const pages = [...memory.pageEntries()].sort(([a], [b]) => a - b)
  for (const [index, page] of pages) {
    // Pages of nothing but zeros may be kept or not.
    if (page.every((byte) => byte === 0)) continue
    add(index)
    hash.update(page)
  }
}
