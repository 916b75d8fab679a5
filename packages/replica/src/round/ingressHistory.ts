/** What becomes of ingress messages with time. @see Interface specification, "Request status". */
import { createReject } from '@tidemark/types'
import { setIngressStatus } from '../commit/answers.ts'
import { touch } from '../commit/commitExecution.ts'
import type { World } from '../world.ts'

/** How long the answer of a call is kept, from when it was given. */
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
  for (const message of state.managementQueue.removeAll((call) => call.kind === 'ingress' && call.expiryNanos < state.timeNanos)) {
    if (message.kind === 'ingress') expire(world, message.requestKey)
  }
}

function expire(world: World, requestKey: string): void {
  const text = `Ingress message 0x${requestKey} timed out waiting to start executing.`
  setIngressStatus(world, requestKey, { status: 'rejected', reject: createReject('IngressMessageTimeout', text) })
}

/** Forgets calls that ended long enough ago, and cannot be sent again. */
export function pruneIngressHistory(world: World): void {
  const { state, changes } = world
  for (let next = state.finishedIngress.peek(); next !== undefined; next = state.finishedIngress.peek()) {
    const { requestKey, finishedNanos } = next
    const expiryNanos = state.ingressHistory.get(requestKey)?.expiryNanos ?? 0n
    if (finishedNanos + retentionNanos > state.timeNanos || expiryNanos >= state.timeNanos) break
    state.finishedIngress.shift()
    state.ingressHistory.delete(requestKey)
    changes.requests.add(requestKey)
  }
}
