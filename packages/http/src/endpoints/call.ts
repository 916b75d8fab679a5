/**
 * Update calls, asynchronous (v2) and synchronous (v3, v4).
 *
 * @see Interface specification, "Request: Call" and "Request: Synchronous call".
 */
import { text } from '@tidemark/certification'
import { type IngressMessage, managementCanisterId, toHex } from '@tidemark/types'
import { authenticate, type Targets } from '../authenticate.ts'
import { type ApiAnswer, cborAnswer, emptyAnswer, textAnswer } from '../apiMessages.ts'
import { type EndpointContext, authenticationOf } from '../context.ts'
import { checkEffectiveCanisterId } from '../effectiveCanisterId.ts'
import { type CallContent, type Envelope, parseCallEnvelope } from '../envelope.ts'
import { HttpError } from '../httpError.ts'
import { isSettled } from '../liveDriver.ts'
import { type ApiRoute, rangesOf } from '../routes.ts'
import { asRefusal } from './malformed.ts'
import { rejectFields } from './rejects.ts'

/** @param arrived - called as soon as the call waits for its outcome */
export async function answerCall(body: Uint8Array, route: ApiRoute, context: EndpointContext, arrived: () => void): Promise<ApiAnswer> {
  const envelope = readCall(body, 'call')
  checkRoute(envelope.content, route, context)
  const { limits } = context
  if (body.length > limits.ingressBytesMax) {
    const id = `0x${toHex(envelope.requestId)}`
    throw new HttpError(
      413,
      `Request ${id} is too large. Message byte size ${body.length} is larger than the max allowed ${limits.ingressBytesMax}.`,
    )
  }
  const targets = await authenticate(envelope, authenticationOf(context))
  checkTargets(envelope.content, targets)
  return route.version === 2
    ? submitOnly(ingressOf(envelope, route, body.length), context)
    : submitAndWait(ingressOf(envelope, route, body.length), route, context, arrived)
}

/** @throws HttpError 400 */
export function readCall(body: Uint8Array, requestType: 'call' | 'query'): Envelope<CallContent> {
  try {
    return parseCallEnvelope(body, requestType)
  } catch (error) {
    throw asRefusal(error, requestType)
  }
}

/** @throws HttpError 400 when the delegations do not reach the canister */
export function checkTargets({ canisterId }: CallContent, targets: Targets): void {
  if (targets !== undefined && !targets.has(canisterId.key)) {
    throw new HttpError(400, `Canister ${canisterId.toText()} is not one of the delegation targets`)
  }
}

const creations = new Set(['create_canister', 'provisional_create_canister_with_cycles'])

function checkRoute(content: CallContent, route: ApiRoute, { replica }: EndpointContext): void {
  if (route.scope === 'canister') return checkEffectiveCanisterId(content, route.id)
  if (!route.id.equals(replica.subnetId)) throw new HttpError(400, `This is not subnet ${route.id.toText()}`)
  if (!content.canisterId.equals(managementCanisterId) || !creations.has(content.methodName)) {
    throw new HttpError(400, 'Calls to a subnet may only create canisters')
  }
}

function ingressOf({ content, requestId }: Envelope<CallContent>, route: ApiRoute, sizeBytes: number): IngressMessage {
  const { sender, canisterId, methodName, arg, ingressExpiry, senderInfo } = content
  return {
    requestId,
    sender,
    canisterId,
    effectiveCanisterId: route.id,
    methodName,
    arg,
    ingressExpiryNanos: ingressExpiry,
    sizeBytes,
    ...(senderInfo && { senderInfo: { info: senderInfo.info, signer: senderInfo.signer } }),
  }
}

function submitOnly(message: IngressMessage, { replica, driver, onCall }: EndpointContext): ApiAnswer {
  const admission = replica.submit(message)
  if (!admission.accepted) return cborAnswer(rejectFields(admission.reject))
  onCall?.()
  driver.poke()
  return emptyAnswer(202)
}

async function submitAndWait(message: IngressMessage, route: ApiRoute, context: EndpointContext, arrived: () => void): Promise<ApiAnswer> {
  const { replica, driver, limits, tracked, onCall } = context
  const { requestId } = message
  const key = toHex(requestId)
  const known = replica.ingressRecord(requestId)?.status.status
  // Agents look inside: what is being worked on, they ask for again later.
  if (known !== undefined && known !== 'received') return certified(requestId, route, context)
  if (tracked.has(key)) return accepted('Duplicate request. Message is already being tracked and executed.')
  const admission = replica.submit(message)
  if (!admission.accepted) return cborAnswer({ status: 'non_replicated_rejection', ...rejectFields(admission.reject) })
  onCall?.()
  tracked.add(key)
  try {
    driver.poke()
    arrived()
    await driver.settled(requestId, limits.syncCallMillis)
  } finally {
    tracked.delete(key)
  }
  if (isSettled(replica, requestId)) return certified(requestId, route, context)
  return accepted('Message did not complete execution and certification within the replica defined timeout.')
}

function certified(requestId: Uint8Array, route: ApiRoute, { replica }: EndpointContext): ApiAnswer {
  const certificate = replica.certificate([[text('time')], [text('request_status'), requestId]], rangesOf(route))
  return cborAnswer({ status: 'replied', certificate })
}

function accepted(reason: string): ApiAnswer {
  return textAnswer(202, reason)
}
