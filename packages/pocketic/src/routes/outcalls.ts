/** HTTP requests of canisters: listed for tests, which answer them. */
import type { Network } from '@tidemark/network'
import type { HttpOutcallAnswer } from '@tidemark/replica'
import { type RejectCode, rejectCodes } from '@tidemark/types'
import { badRequest } from '../wire/apiError.ts'
import { toBase64 } from '../wire/base64.ts'
import { bytesOf, type Fields, fieldsOf, listOf, naturalOf, optionalFields, textOf } from '../wire/fields.ts'
import type { JsonValue } from '../wire/json.ts'
import { namedSubnet } from './network.ts'
import type { InstanceRequest, Operations } from './route.ts'

type Outcall = ReturnType<Network['pendingHttpOutcalls']>[number]

export const outcallOperations: Operations = {
  'GET read/get_canister_http': ({ instance: { network } }) => network.pendingHttpOutcalls().map(encodeOutcall),
  'POST update/mock_canister_http': mock,
}

function encodeOutcall({ subnetId, id, method, url, headers, body, maxResponseBytes }: Outcall): JsonValue {
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
  const { network, rounds } = instance
  const id = naturalOf(fields['request_id'], 64, '`request_id`')
  const response = fieldsOf(fields['response'], '`response`')
  const answer = answerOf(response)
  const others = listOf(fields['additional_responses'] ?? [], '`additional_responses`')
  const additional = others.map((each) => answerOf(fieldsOf(each, 'An additional response')))
  const subnet = namedSubnet(instance, fields['subnet_id'])
  if (!subnet.replica.pendingHttpOutcalls().some((outcall) => outcall.id === id)) {
    throw badRequest(`InvalidCanisterHttpRequestId((${subnet.id.toText()}, ${id}))`)
  }
  const nodes = subnet.replica.nodeIds.length
  if (additional.length > 0 && additional.length + 1 !== nodes) {
    throw badRequest(`InvalidMockCanisterHttpResponses((${additional.length + 1}, ${nodes}))`)
  }
  network.answerHttpOutcall(subnet.id, id, answer, additional)
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
