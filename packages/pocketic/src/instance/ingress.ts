/** Update calls of an instance: submitted as messages of a user, and awaited by running rounds. */
import { requestIdOf } from '@tidemark/certification'
import { type Subnet, traitsOf } from '@tidemark/network'
import { type IngressMessage, type QueryMessage, type Reject, toHex } from '@tidemark/types'
import type { Instance } from './instance.ts'
import { badRequest } from '../wire/apiError.ts'
import { type Outcome, outcomeOf } from '../wire/reject.ts'

/** Rounds within which an awaited call must be answered. */
const awaitedRounds = 100
/** Life of a submitted call, nanoseconds. */
const ingressLifeNanos = 300_000_000_000n
/** What an envelope adds to the parts of a call, bytes. */
const envelopeBytes = 130

/** A submitted call: where it is, and under which id. */
export interface MessageId {
  readonly subnet: Subnet
  readonly requestId: Uint8Array
}

/** Longest update call, bytes. @see Interface specification, "HTTPS interface" */
const ingressBytesMax = { system: 3_670_016, application: 2_097_152 } as const

/** Puts a call in front of the next round, unless its subnet refuses it. @throws ApiError 400 when it is too long */
export function submitCall(instance: Instance, call: QueryMessage): MessageId | { readonly refused: Reject } {
  const message = ingressOf(instance, call)
  const subnet = instance.network.hostOf(message.effectiveCanisterId) ?? instance.network.defaultSubnet
  const bytesMax = ingressBytesMax[traitsOf(subnet.kind).type === 'system' ? 'system' : 'application']
  if (message.sizeBytes > bytesMax) {
    const sizes = `Message byte size ${message.sizeBytes} is larger than the max allowed ${bytesMax}.`
    throw badRequest(`BadIngressMessage("Request 0x${toHex(message.requestId)} is too large. ${sizes}")`)
  }
  const admission = instance.network.submit(message)
  if (!admission.accepted) return { refused: admission.reject }
  instance.rounds.poke()
  return { subnet, requestId: message.requestId }
}

/** Runs rounds until a call has its outcome. @throws ApiError 400 when there are too many of them */
export async function awaitCall(instance: Instance, { subnet, requestId }: MessageId): Promise<Outcome> {
  for (let round = 0; ; round++) {
    const outcome = outcomeOf(subnet.replica.ingressRecord(requestId)?.status)
    if (outcome !== undefined) return outcome
    if (round === awaitedRounds) break
    instance.rounds.tick()
    // Other instances get their turn between two rounds.
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw badRequest(`BadIngressMessage("Failed to answer to ingress 0x${toHex(requestId)} after ${awaitedRounds} rounds.")`)
}

function ingressOf(instance: Instance, call: QueryMessage): IngressMessage {
  const nonce = new Uint8Array(8)
  new DataView(nonce.buffer).setBigUint64(0, instance.nextCall())
  const ingressExpiryNanos = instance.rounds.timeNanos() + ingressLifeNanos
  const { sender, canisterId, methodName, arg, senderInfo } = call
  const requestId = requestIdOf({
    request_type: 'call',
    sender: sender.bytes,
    canister_id: canisterId.bytes,
    method_name: methodName,
    arg,
    ingress_expiry: ingressExpiryNanos,
    nonce,
    ...(senderInfo && { sender_info: { info: senderInfo.info, signer: senderInfo.signer.bytes } }),
  })
  const sizeBytes = envelopeBytes + arg.length + Buffer.byteLength(methodName) + canisterId.bytes.length + sender.bytes.length
  return { ...call, requestId, ingressExpiryNanos, sizeBytes }
}
