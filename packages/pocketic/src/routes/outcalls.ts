/** HTTP requests of canisters: listed for tests, which answer them. */
import type { HttpOutcallAnswer, PendingHttpOutcall, Replica } from '@tidemark/replica'
import { type RejectCode, rejectCodes } from '@tidemark/types'
import { subnetSize } from '../instance/topology.ts'
import { badRequest } from '../wire/apiError.ts'
import { toBase64 } from '../wire/base64.ts'
import { bytesOf, type Fields, fieldsOf, listOf, naturalOf, optionalFields, textOf } from '../wire/fields.ts'
import { type JsonValue, printJson } from '../wire/json.ts'
import { checkSubnet } from './network.ts'
import type { InstanceRequest, Operations } from './route.ts'

export const outcallOperations: Operations = {
  'GET read/get_canister_http': ({ instance: { replica } }) =>
    replica.pendingHttpOutcalls().map((outcall) => encodeOutcall(replica, outcall)),
  'POST update/mock_canister_http': mock,
}

function encodeOutcall({ subnetId }: Replica, { id, method, url, headers, body, maxResponseBytes }: PendingHttpOutcall): JsonValue {
  return {
    subnet_id: { subnet_id: toBase64(subnetId.bytes) },
    request_id: id,
    http_method: method,
    url,
    headers: headers.map(({ name, value }) => ({ name, value })),
    body: toBase64(body),
    max_response_bytes: maxResponseBytes ?? null,
  }
}

function mock({ instance, fields }: InstanceRequest): null {
  const { replica, rounds } = instance
  checkSubnet(instance, fields['subnet_id'])
  const id = naturalOf(fields['request_id'], 64, '`request_id`')
  const response = fieldsOf(fields['response'], '`response`')
  const answer = answerOf(response)
  checkAgreement(response, listOf(fields['additional_responses'] ?? [], '`additional_responses`'))
  if (!replica.answerHttpOutcall(id, answer)) throw badRequest(`InvalidCanisterHttpRequestId((${replica.subnetId.toText()}, ${id}))`)
  rounds.poke()
  return null
}

function answerOf(response: Fields): HttpOutcallAnswer {
  const reject = optionalFields(response, 'CanisterHttpReject')
  if (reject !== undefined) {
    return {
      rejectCode: rejectCodeOf(naturalOf(reject['reject_code'], 64, '`reject_code`')),
      message: textOf(reject['message'], '`message`'),
    }
  }
  const reply = fieldsOf(response['CanisterHttpReply'], '`CanisterHttpReply`')
  return {
    status: Number(naturalOf(reply['status'], 16, '`status`')),
    headers: listOf(reply['headers'], '`headers`').map((each) => {
      const header = fieldsOf(each, 'A header')
      return { name: textOf(header['name'], '`name`'), value: textOf(header['value'], '`value`') }
    }),
    body: bytesOf(reply['body'], '`body`'),
  }
}

function rejectCodeOf(number: bigint): RejectCode {
  const code = Object.values(rejectCodes).find((known) => BigInt(known) === number)
  if (code === undefined) throw badRequest(`InvalidRejectCode(${number})`)
  return code
}

/** One response stands for all nodes; several must be one per node, and the same for all. */
function checkAgreement(response: Fields, additional: readonly unknown[]): void {
  if (additional.length === 0) return
  for (const each of additional) answerOf(fieldsOf(each, 'An additional response'))
  const count = additional.length + 1
  if (count !== subnetSize) throw badRequest(`InvalidMockCanisterHttpResponses((${count}, ${subnetSize}))`)
  const first = printJson(response as JsonValue)
  if (additional.some((each) => printJson(each as JsonValue) !== first)) {
    throw badRequest('This server does not have responses that differ between nodes (`additional_responses`) yet')
  }
}
