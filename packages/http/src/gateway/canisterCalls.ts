/** Anonymous calls of the gateway to canisters. */
import { requestIdOf, text } from '@tidemark/certification'
import { anonymousPrincipal, type IngressMessage, type Principal } from '@tidemark/types'
import { type EndpointContext, nowNanos } from '../context.ts'
import { GatewayError, gatewayErrorOf } from './errors.ts'

const updateMillis = 120_000
const lifeNanos = 240_000_000_000n

/** Reply of a query. @throws GatewayError for a reject */
export function queryCanister(canisterId: Principal, methodName: string, arg: Uint8Array, { replica }: EndpointContext): Uint8Array {
  const result = replica.query({ sender: anonymousPrincipal, canisterId, effectiveCanisterId: canisterId, methodName, arg })
  if (result.status === 'rejected') throw gatewayErrorOf(result.reject)
  return result.arg
}

/** Reply of an update call, once it is in the certified state. @throws GatewayError for a reject or when it takes too long */
export async function updateCanister(
  canisterId: Principal,
  methodName: string,
  arg: Uint8Array,
  context: EndpointContext,
): Promise<Uint8Array> {
  const { replica, driver } = context
  const message = anonymousCall(canisterId, methodName, arg, nowNanos(context) + lifeNanos)
  const admission = replica.submit(message)
  if (!admission.accepted) throw gatewayErrorOf(admission.reject)
  driver.poke()
  await driver.settled(message.requestId, updateMillis)
  const status = replica.ingressRecord(message.requestId)?.status
  if (status?.status === 'replied') return status.reply
  if (status?.status === 'rejected') throw gatewayErrorOf(status.reject)
  throw new GatewayError('backend_http_gateway', 'The canister did not answer in time.')
}

function anonymousCall(canisterId: Principal, methodName: string, arg: Uint8Array, ingressExpiryNanos: bigint): IngressMessage {
  const nonce = crypto.getRandomValues(new Uint8Array(16))
  const requestId = requestIdOf({
    request_type: 'call',
    sender: anonymousPrincipal.bytes,
    canister_id: canisterId.bytes,
    method_name: methodName,
    arg,
    ingress_expiry: ingressExpiryNanos,
    nonce,
  })
  // What the same call would measure as an envelope: the fixed names and numbers come to about 130 bytes.
  const sizeBytes = 130 + arg.length + text(methodName).length + canisterId.bytes.length + nonce.length
  return {
    requestId,
    sender: anonymousPrincipal,
    canisterId,
    effectiveCanisterId: canisterId,
    methodName,
    arg,
    ingressExpiryNanos,
    sizeBytes,
  }
}
