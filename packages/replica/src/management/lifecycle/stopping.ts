/** From stopping to stopped, and what is said to those who wait for it. */
import type { CanisterState, ResponsePayload, StopWaiter, SubnetState } from '@tidemark/state'
import { createReject } from '@tidemark/types'
import type { Answer } from '../call.ts'
import { managementLimits } from '../limits.ts'
import { emptyReply } from '../codec.ts'

/**
 * Stops a stopping canister that has no open call, or gives up on waits that have lasted five minutes: then the canister
 * goes on stopping. To be called for every stopping canister at the end of a round.
 *
 * @returns the answers that are due, in the order in which their calls came
 */
export function finishStopping(subnet: SubnetState, canister: CanisterState): Answer[] {
  if (canister.status.kind !== 'stopping') return []
  const { waiters } = canister.status
  if (canister.callContexts.size === 0) {
    canister.status = { kind: 'stopped' }
    canister.version += 1n
    return waiters.map((waiter) => answerToWaiter(waiter, { kind: 'reply', data: emptyReply }))
  }
  const isDue = ({ sinceNanos }: StopWaiter) => subnet.timeNanos >= sinceNanos + managementLimits.stopTimeoutNanos
  const due = waiters.filter(isDue)
  if (due.length === 0) return []
  canister.status = { kind: 'stopping', waiters: waiters.filter((waiter) => !isDue(waiter)) }
  const reject = createReject('StopCanisterRequestTimeout', 'Stop canister request timed out')
  return due.map((waiter) => answerToWaiter(waiter, { kind: 'reject', reject }))
}

/** The answer to one who waits; cycles return in every case. */
export function answerToWaiter(waiter: StopWaiter, payload: ResponsePayload): Answer {
  if (waiter.kind === 'ingress') return { to: { kind: 'ingress', requestKey: waiter.requestKey }, payload, refund: 0n }
  const { caller, receiver, callbackId, deadlineNanos, cycles } = waiter
  return { to: { kind: 'canister', caller, callbackId, deadlineNanos, respondent: receiver }, payload, refund: cycles }
}
