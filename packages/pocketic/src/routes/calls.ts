/** Calls of canisters: queries, and update calls that are submitted first and awaited later. */
import type { Principal, QueryMessage } from '@tidemark/types'
import { awaitCall, type MessageId, submitCall } from '../instance/ingress.ts'
import type { Instance } from '../instance/instance.ts'
import { ApiError, badRequest } from '../wire/apiError.ts'
import { toBase64 } from '../wire/base64.ts'
import { bytesOf, conversionError, type Fields, fieldsOf, isAbsent, optionalFields, principalOf, textOf } from '../wire/fields.ts'
import type { JsonValue } from '../wire/json.ts'
import { encodeOutcome, encodeQueryResult, encodeReject, outcomeOf } from '../wire/reject.ts'
import type { InstanceRequest, Operations } from './route.ts'
import { effectiveCanisterIdFor, effectivePrincipalOf, subnetOf } from './routing.ts'

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

async function answered(instance: Instance, messageId: MessageId): Promise<JsonValue> {
  return encodeOutcome(await awaitCall(instance, messageId))
}

function submit(instance: Instance, fields: Fields): MessageId | { readonly refused: JsonValue } {
  const submitted = submitCall(instance, callOf(instance, fields))
  return 'refused' in submitted ? { refused: encodeReject(submitted.refused, false) } : submitted
}

function ingressStatus({ instance, fields }: InstanceRequest): JsonValue {
  const { subnet, requestId } = messageIdOf(instance, fieldsOf(fields['raw_message_id'], '`raw_message_id`'))
  const record = subnet.replica.ingressRecord(requestId)
  const caller = callerOf(fields['raw_caller'])
  if (record !== undefined && caller !== undefined && !record.sender.equals(caller)) {
    throw new ApiError(403, 'The user tries to access Request ID not signed by the caller.')
  }
  const outcome = outcomeOf(record?.status)
  return outcome === undefined ? null : encodeOutcome(outcome)
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
    effectiveCanisterId: effectiveCanisterIdFor(instance, call, effectivePrincipalOf(fields['effective_principal'])),
    ...(senderInfo && {
      senderInfo: { info: bytesOf(senderInfo['info'], '`info`'), signer: principalOf(senderInfo['signer'], '`signer`') },
    }),
  }
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
