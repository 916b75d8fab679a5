/** Sends what outcalls were answered with, through the transform function that the canister has asked for. */
import type { managementTypes } from '@tidemark/bindings'
import { compareLabels } from '@tidemark/certification'
import { executeMessage, executionReject, shortenText, undoExecution } from '@tidemark/execution'
import type { AnsweredOutcall, HttpOutcall, HttpResponse, ResponsePayload } from '@tidemark/state'
import { type Principal, type Reject, createReject, errorCodeText, managementCanisterId } from '@tidemark/types'
import { deliverAnswer } from '../commit/answers.ts'
import { decodeOutcall, encodeResponse, encodeTransformArgument, outcallReject, responseProblem } from '../management/index.ts'
import { queryEntry } from '../query/queryEntry.ts'
import type { World } from '../world.ts'

/** How long an outcall waits for its answer. */
const timeoutNanos = 60_000_000_000n

/** Ends the outcalls that were answered since the last round, and those that waited too long. */
export function finishOutcalls(world: World): void {
  const { state } = world
  for (const answered of state.answeredOutcalls.splice(0)) send(world, answered.outcall, agreedPayload(world, answered))
  // Oldest first.
  for (const outcall of state.httpOutcalls.values()) {
    if (outcall.startedNanos + timeoutNanos >= state.timeNanos) break
    state.httpOutcalls.delete(outcall.id)
    send(world, outcall, outcallReject(2, 'Canister http request timed out'))
  }
}

/** What the nodes agree on: all but a third must have the same, after their transform functions. */
function agreedPayload(world: World, { outcall, answer, others = [] }: AnsweredOutcall): ResponsePayload {
  if (others.length === 0) return payloadOf(world, outcall, answer)
  const payloads = [answer, ...others].map((each) => payloadOf(world, outcall, each))
  const votesNeeded = payloads.length - Math.floor((payloads.length - 1) / 3)
  const agreed = payloads.find((payload) => payloads.filter((other) => samePayload(payload, other)).length >= votesNeeded)
  return agreed ?? outcallReject(2, 'No consensus could be reached. Replicas had different responses.')
}

function samePayload(a: ResponsePayload, b: ResponsePayload): boolean {
  if (a.kind === 'reply') return b.kind === 'reply' && compareLabels(a.data, b.data) === 0
  return b.kind === 'reject' && a.reject.code === b.reject.code && a.reject.message === b.reject.message
}

function send(world: World, { call, refund }: HttpOutcall, payload: ResponsePayload): void {
  const target = { kind: 'canister', caller: call.sender, callbackId: call.callbackId, deadlineNanos: call.deadlineNanos } as const
  deliverAnswer(world, call.receiver, target, payload, refund)
}

function payloadOf(world: World, { call }: HttpOutcall, answer: AnsweredOutcall['answer']): ResponsePayload {
  if (answer.kind === 'reject') return answer
  const { transform, limit } = decodeOutcall(call.arg)
  const problem = responseProblem(answer.response, limit)
  if (problem !== undefined) return outcallReject(1, problem)
  if (transform === undefined) return { kind: 'reply', data: encodeResponse(answer.response) }
  const transformed = runTransform(world, call.sender, transform, answer.response)
  if (transformed.kind === 'reply' && transformed.data.length > limit) {
    return outcallReject(1, `Transformed http response exceeds limit: ${limit}`)
  }
  return transformed
}

/** A query of the canister by the management canister, of which nothing stays. */
function runTransform(
  world: World,
  canisterId: Principal,
  transform: managementTypes.HttpTransform,
  response: HttpResponse,
): ResponsePayload {
  const canister = world.state.canister(canisterId)
  if (canister === undefined) return failed(createReject('CanisterNotFound', `Canister ${canisterId.toText()} not found`))
  const methodName = transform.function[1]
  const entry = queryEntry(world, canister, { methodName, sender: managementCanisterId })
  if ('errorCode' in entry) return failed(entry)
  if (entry.kind === 'composite_query') {
    const text = 'Composite query cannot be used as transform in canister http outcalls.'
    return failed(createReject('CompositeQueryCalledInReplicatedMode', text))
  }
  const input = {
    kind: 'transform',
    caller: managementCanisterId,
    arg: encodeTransformArgument(response, transform.context),
    methodName,
    canRespond: true,
    instructionLimit: world.env.limits.queryInstructions,
    version: canister.version,
  } as const
  const { error, answer } = executeMessage(canister, world.env, input, { kind: 'export', name: entry.name })
  undoExecution(canister)
  if (error !== undefined) return failed(executionReject(canister, error, canister.id))
  if (answer === undefined) return failed(createReject('CanisterDidNotReply', `Canister ${canister.id.toText()} did not reply to the call`))
  return answer.kind === 'reply' ? answer : outcallReject(4, shortenText(answer.message))
}

/** A canister does not see error codes, so that the text begins with the code. */
function failed(reject: Reject): ResponsePayload {
  return { kind: 'reject', reject: { ...reject, message: `${errorCodeText(reject.errorCode)}: ${reject.message}` } }
}
