/** What becomes of ingress messages with time. @see Interface specification, "Request status". */
import { createReject } from '@tidemark/types'
import { setIngressStatus } from '../commit/answers.ts'
import { touch } from '../commit/commitExecution.ts'
import type { World } from '../world.ts'

/** Finished calls are remembered at least this long. */
const retentionNanos = 300_000_000_000n

/** Rejects messages that did not start before their expiry. */
export function expireIngress(world: World): void {
  const { state } = world
  for (const canister of world.activity.withInput()) {
    for (const message of canister.queues.removeWhere((waiting) => waiting.kind === 'ingress' && waiting.expiryNanos < state.timeNanos)) {
      if (message.kind === 'ingress') expire(world, message.requestKey)
      touch(world, canister)
    }
  }
  for (const { message } of state.managementQueue.removeAll(({ message }) => message.kind === 'ingress' && message.expiryNanos < state.timeNanos)) {
    if (message.kind === 'ingress') expire(world, message.requestKey)
  }
}

function expire(world: World, requestKey: string): void {
  const text = `Ingress message 0x${requestKey} timed out waiting to start executing.`
  setIngressStatus(world, requestKey, { status: 'rejected', reject: createReject('IngressMessageTimeout', text) })
}

/** Forgets finished calls whose time is over. Entries are in order of arrival, so the walk ends at the first young one. */
export function pruneIngressHistory(world: World): void {
  const { state } = world
  for (const [key, entry] of state.ingressHistory) {
    if (entry.receivedNanos + retentionNanos > state.timeNanos) break
    const finished = entry.status.status !== 'received' && entry.status.status !== 'processing'
    if (!finished || entry.expiryNanos >= state.timeNanos) continue
    state.ingressHistory.delete(key)
    world.changes.requests.add(key)
  }
}
