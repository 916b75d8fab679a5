/** Calls of canisters: queries, and update calls that are submitted first and awaited later. */
import { requestIdOf } from '@tidemark/certification'
import type { Subnet } from '@tidemark/network'
import { type IngressMessage, type Principal, type QueryMessage, toHex } from '@tidemark/types'
import type { Instance } from '../instance/instance.ts'
import { ApiError, badRequest } from '../wire/apiError.ts'
import { toBase64 } from '../wire/base64.ts'
import { bytesOf, conversionError, type Fields, fieldsOf, isAbsent, optionalFields, principalOf, textOf } from '../wire/fields.ts'
import type { JsonValue } from '../wire/json.ts'
import { encodeOutcome, encodeQueryResult, encodeReject } from '../wire/reject.ts'
import type { InstanceRequest, Operations } from './route.ts'
import { effectiveCanisterIdFor, effectivePrincipalOf, subnetOf } from './routing.ts'

/** Rounds within which an awaited call must be answered. */
const awaitedRounds = 100
/** Life of a submitted call, nanoseconds. */
const ingressLifeNanos = 300_000_000_000n
/** What an envelope adds to the parts of a call, bytes. */
const envelopeBytes = 130

export const callOperations: Operations = {
  'POST read/query': ({ instance, fields }) => encodeQueryResult(instance.network.query(callOf(instance, fields))),
  'POST update/submit_ingress_message': ({ instance, fields }) => {
    const submitted = submit(instance, fields)
    return 'refused' in submitted ? submitted.refused : { Ok: encodeMessageId(submitted) }
  },
  'POST update/await_ingress_message': ({ instance, fields }) => answered(instance, messageIdOf(instance, fields)),
  'POST update/execute_ingress_message': ({ instance, fields }) => {
    const submitted = submit(instance, fields)
    return 'refused' in submitted ? submitted.refused : answered(instance, submitted)
  },
  'POST read/ingress_status': ingressStatus,
}

function submit(instance: Instance, fields: Fields): MessageId | { readonly refused: JsonValue } {
  const message = ingressOf(instance, callOf(instance, fields))
  const admission = instance.network.submit(message)
  if (!admission.accepted) return { refused: encodeReject(admission.reject, false) }
  instance.rounds.poke()
  const subnet = instance.network.hostOf(message.effectiveCanisterId) ?? instance.network.defaultSubnet
  return { subnet, requestId: message.requestId }
}

async function answered(instance: Instance, { subnet, requestId }: MessageId): Promise<JsonValue> {
  for (let round = 0; ; round++) {
    const outcome = encodeOutcome(subnet.replica.ingressRecord(requestId)?.status)
    if (outcome !== undefined) return outcome
    if (round === awaitedRounds) break
    instance.rounds.tick()
    // Other instances get their turn between two rounds.
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw badRequest(`BadIngressMessage("Failed to answer to ingress 0x${toHex(requestId)} after ${awaitedRounds} rounds.")`)
}

function ingressStatus({ instance, fields }: InstanceRequest): JsonValue {
  const { subnet, requestId } = messageIdOf(instance, fieldsOf(fields['raw_message_id'], '`raw_message_id`'))
  const record = subnet.replica.ingressRecord(requestId)
  const caller = callerOf(fields['raw_caller'])
  if (record !== undefined && caller !== undefined && !record.sender.equals(caller)) {
    throw new ApiError(403, 'Forbidden("The user tries to access Request ID not signed by the caller.")')
  }
  return encodeOutcome(record?.status) ?? null
}

/** An object with the principal, or the principal itself: clients differ. */
function callerOf(value: unknown): Principal | undefined {
  if (isAbsent(value)) return undefined
  return principalOf(typeof value === 'string' ? value : fieldsOf(value, '`raw_caller`')['principal_id'], '`raw_caller`')
}

function callOf(instance: Instance, fields: Fields): QueryMessage {
  const canisterId = principalOf(fields['canister_id'], '`canister_id`')
  const senderInfo = optionalFields(fields, 'sender_info')
  const call = { canisterId, methodName: textOf(fields['method'], '`method`'), arg: bytesOf(fields['payload'], '`payload`') }
  const sender = principalOf(fields['sender'], '`sender`', 'sender principal')
  return {
    ...call,
    sender,
    effectiveCanisterId: effectiveCanisterIdFor(instance.network, call, effectivePrincipalOf(fields['effective_principal'])),
    ...(senderInfo && {
      senderInfo: { info: bytesOf(senderInfo['info'], '`info`'), signer: principalOf(senderInfo['signer'], '`signer`') },
    }),
  }
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

/** A submitted call: where it is, and under which id. */
interface MessageId {
  readonly subnet: Subnet
  readonly requestId: Uint8Array
}

function encodeMessageId({ subnet, requestId }: MessageId): JsonValue {
  return { effective_principal: { SubnetId: toBase64(subnet.id.bytes) }, message_id: toBase64(requestId) }
}

function messageIdOf({ network }: Instance, fields: Fields): MessageId {
  const effective = effectivePrincipalOf(fields['effective_principal'])
  const requestId = bytesOf(fields['message_id'], '`message_id`')
  if (requestId.length !== 32) throw badRequest(conversionError('Bad message id'))
  return { subnet: effective === undefined ? network.defaultSubnet : subnetOf(network, effective), requestId }
}
