/** Sends what a call is answered with: to the ingress history, or on its way to the calling canister. */
import { type ExecutionError, executionReject } from '@tidemark/execution'
import type { CallOrigin, CanisterState, ResponsePayload } from '@tidemark/state'
import { type IngressStatus, InvariantError, type Principal, type Reject, createReject, errorCodeText } from '@tidemark/types'
import type { World } from '../world.ts'

/** Who waits for an answer. */
export type AnswerTarget =
  | { readonly kind: 'ingress'; readonly requestKey: string }
  | { readonly kind: 'canister'; readonly caller: Principal; readonly callbackId: bigint; readonly deadlineNanos: bigint }

/** Delivers one answer; cycles that come back travel with it. */
export function deliverAnswer(world: World, respondent: Principal, target: AnswerTarget, payload: ResponsePayload, refund: bigint): void {
  if (target.kind === 'ingress') {
    if (refund !== 0n) throw new InvariantError('an ingress message cannot carry cycles')
    setIngressStatus(world, target.requestKey, ingressStatusOf(payload))
    return
  }
  freeRoom(world, respondent, target.deadlineNanos)
  world.state.inTransit.push({
    kind: 'response',
    originator: target.caller,
    respondent,
    callbackId: target.callbackId,
    payload,
    refund,
    deadlineNanos: target.deadlineNanos,
  })
}

/** What was kept for the response is the canister's again; the management canister keeps nothing. */
function freeRoom(world: World, respondent: Principal, deadlineNanos: bigint): void {
  const canister = world.state.canister(respondent)
  if (canister === undefined) return
  canister.queues.answered(deadlineNanos)
  world.dues.delete(canister)
}

/** The target that a call context answers to; none for system tasks. */
export function answerTargetOf(origin: CallOrigin): AnswerTarget | undefined {
  switch (origin.kind) {
    case 'ingress':
      return { kind: 'ingress', requestKey: origin.requestKey }
    case 'canister':
      return origin
    default:
      return undefined
  }
}

/**
 * The reject that tells who waits for an answer of a failed execution. A canister does not see error codes, so its text
 * begins with the code.
 */
export function failureReject(target: AnswerTarget, canister: CanisterState, error: ExecutionError, caller: Principal): Reject {
  return rejectFor(target, executionReject(canister, error, caller))
}

/** A reject of a message by the system, as the one who waits for its answer is told. */
export function rejectFor(target: AnswerTarget, reject: Reject): Reject {
  if (target.kind === 'ingress') return reject
  return createReject(reject.errorCode, `${errorCodeText(reject.errorCode)}: ${reject.message}`)
}

/** Writes how a call ended into the ingress history. */
export function setIngressStatus(world: World, requestKey: string, status: IngressStatus): void {
  const entry = world.state.ingressHistory.get(requestKey)
  if (entry === undefined) return
  world.state.ingressHistory.set(requestKey, { ...entry, status })
  world.state.finishedIngress.push({ requestKey, finishedNanos: world.state.timeNanos })
  world.changes.requests.add(requestKey)
}

function ingressStatusOf(payload: ResponsePayload): IngressStatus {
  return payload.kind === 'reply' ? { status: 'replied', reply: payload.data } : { status: 'rejected', reject: payload.reject }
}
