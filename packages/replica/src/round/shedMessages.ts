/**
 * Drops the largest best-effort messages when too many wait at the end of a round.
 *
 * A dropped response still reaches its caller, as a reject that says so; the caller of a dropped request hears at the deadline.
 * The cycles that they carry return by themselves.
 *
 * @see Interface specification, "Inter-canister method calls", `call_with_best_effort_response`.
 */
import { type CanisterState, type Request, type Response, isBestEffort, queuedBytes } from '@tidemark/state'
import { createReject } from '@tidemark/types'
import { touch } from '../commit/commitExecution.ts'
import type { World } from '../world.ts'
import { creditRefund, returnCycles } from './refunds.ts'

/** Keeps best-effort messages within the memory that the subnet has for them. */
export function shedMessages(world: World): void {
  const holders = world.activity.withInput().filter(({ queues }) => queues.bestEffortBytes > 0)
  let excess = holders.reduce((sum, { queues }) => sum + queues.bestEffortBytes, 0) - world.env.limits.bestEffortMemoryBytes
  if (excess <= 0) return
  const waiting = holders.flatMap((holder) => [...holder.queues].filter(isBestEffort).map((message) => ({ holder, message })))
  waiting.sort((a, b) => queuedBytes(b.message) - queuedBytes(a.message))
  for (const { holder, message } of waiting) {
    if (excess <= 0) break
    excess -= shed(world, holder, message)
  }
}

/** @returns bytes that became free */
function shed(world: World, holder: CanisterState, message: Request | Response): number {
  const before = holder.queues.bestEffortBytes
  if (message.kind === 'request') {
    holder.queues.removeWhere((candidate) => candidate === message)
    returnCycles(world, message)
  } else {
    const payload = { kind: 'reject', reject: createReject('ResponseDropped', 'Response was dropped.') } as const
    holder.queues.replaceResponse(message, { ...message, payload, refund: 0n })
    creditRefund(world, message.originator, message.refund)
  }
  touch(world, holder)
  return before - holder.queues.bestEffortBytes
}
