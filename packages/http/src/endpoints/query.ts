/**
 * Queries, answered by this node under its own signature.
 *
 * @see Interface specification, "Request: Query call".
 */
import { concatBytes } from '@noble/hashes/utils.js'
import { type HashableMap, hashOfMap, separator } from '@tidemark/certification'
import { managementCanisterId, type QueryResult } from '@tidemark/types'
import { authenticate } from '../authenticate.ts'
import { type ApiAnswer, cborAnswer } from '../apiMessages.ts'
import { type EndpointContext, authenticationOf } from '../context.ts'
import { checkEffectiveCanisterId } from '../effectiveCanisterId.ts'
import type { CallContent } from '../envelope.ts'
import { HttpError } from '../httpError.ts'
import { type ApiRoute, rangesOf } from '../routes.ts'
import { checkTargets, readCall } from './call.ts'
import { rejectFields } from './rejects.ts'

const responseSeparator = separator('ic-response')

export async function answerQuery(body: Uint8Array, route: ApiRoute, context: EndpointContext): Promise<ApiAnswer> {
  const { replica } = context
  const { content, ...rest } = readCall(body, 'query')
  checkRoute(content, route, context)
  const targets = await authenticate({ content, ...rest }, authenticationOf(context))
  checkTargets(content, targets)
  const { sender, canisterId, methodName, arg, senderInfo } = content
  const result = replica.query({
    sender,
    canisterId,
    effectiveCanisterId: route.id,
    methodName,
    arg,
    ranges: rangesOf(route),
    ...(senderInfo && { senderInfo: { info: senderInfo.info, signer: senderInfo.signer } }),
  })
  return cborAnswer(signedAnswer(result, rest.requestId, context))
}

function checkRoute(content: CallContent, route: ApiRoute, { replica }: EndpointContext): void {
  if (route.scope === 'canister') return checkEffectiveCanisterId(content, route.id)
  if (!route.id.equals(replica.subnetId)) throw new HttpError(400, `This is not subnet ${route.id.toText()}`)
  if (!content.canisterId.equals(managementCanisterId) || content.methodName !== 'list_canisters') {
    throw new HttpError(400, 'Queries to a subnet may only list its canisters')
  }
}

function signedAnswer(result: QueryResult, requestId: Uint8Array, { replica }: EndpointContext): Record<string, unknown> {
  const answer: HashableMap =
    result.status === 'replied' ? { status: 'replied', reply: { arg: result.arg } } : { status: 'rejected', ...rejectFields(result.reject) }
  const timestamp = replica.timeNanos()
  const message = concatBytes(responseSeparator, hashOfMap({ ...answer, timestamp, request_id: requestId }))
  return { ...answer, signatures: [{ timestamp, signature: replica.signAsNode(message), identity: replica.nodeId.bytes }] }
}
