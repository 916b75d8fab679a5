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

/** A node cuts the text of a reject to so many bytes. */
const rejectBytesMax = 1_024
const encoder = new TextEncoder()

export const outcallOperations: Operations = {
  'GET read/get_canister_http': ({ instance: { network } }) => network.pendingHttpOutcalls().map(encodeOutcall),
  'POST update/mock_canister_http': mock,
  'POST update/mock_flexible_canister_http': mockGroup,
}

function encodeOutcall({ subnetId, id, method, url, headers, body, maxResponseBytes, replication, pricing }: Outcall): JsonValue {
  return {
    subnet_id: { subnet_id: toBase64(subnetId.bytes) },
    request_id: id,
    http_method: method,
    url,
    headers: headers.map(({ name, value }) => ({ name, value })),
    body: toBase64(body),
    max_response_bytes: maxResponseBytes ?? null,
    replication: encodeReplication(replication),
    pricing_version: pricing === 'legacy' ? 'Legacy' : 'PayAsYouGo',
  }
}

function encodeReplication(replication: Outcall['replication']): JsonValue {
  if (replication.kind !== 'flexible') return replication.kind === 'full' ? 'FullyReplicated' : 'NonReplicated'
  const { totalRequests, minResponses, maxResponses } = replication
  const counts = { total_requests: Number(totalRequests), min_responses: Number(minResponses), max_responses: Number(maxResponses) }
  return { Flexible: counts }
}

/** One answer of all nodes, or one of each. */
function mock(request: InstanceRequest): null {
  const { instance, fields } = request
  const answer = answerOf(fieldsOf(fields['response'], '`response`'))
  const others = listOf(fields['additional_responses'] ?? [], '`additional_responses`')
  const additional = others.map((each) => answerOf(fieldsOf(each, 'An additional response')))
  const { subnet, outcall } = outcallOf(request)
  const nodes = subnet.replica.nodeIds.length
  if (additional.length > 0 && additional.length + 1 !== nodes) {
    throw badRequest(`InvalidMockCanisterHttpResponses((${additional.length + 1}, ${nodes}))`)
  }
  instance.network.answerHttpOutcall(subnet.id, outcall.id, answer, additional)
  instance.rounds.poke()
  return null
}

/** Answers of nodes of a group: of some, or of all of them. */
function mockGroup(request: InstanceRequest): null {
  const { instance, fields } = request
  const given = listOf(fields['responses'], '`responses`').map((each) => answerOf(fieldsOf(each, 'A response')))
  const { subnet, outcall } = outcallOf(request)
  if (outcall.replication.kind !== 'flexible') {
    throw badRequest(`NotAFlexibleCanisterHttpRequest((${subnet.id.toText()}, ${outcall.id}))`)
  }
  const { totalRequests } = outcall.replication
  if (given.length > totalRequests) throw badRequest(`TooManyMockCanisterHttpResponses((${given.length}, ${totalRequests}))`)
  const [answer, ...others] = given
  if (answer !== undefined) instance.network.answerHttpOutcall(subnet.id, outcall.id, answer, others, true)
  instance.rounds.poke()
  return null
}

function outcallOf({ instance, fields }: InstanceRequest) {
  const id = naturalOf(fields['request_id'], 64, '`request_id`')
  const subnet = namedSubnet(instance, fields['subnet_id'])
  const outcall = subnet.replica.pendingHttpOutcalls().find((each) => each.id === id)
  if (outcall === undefined) throw badRequest(`InvalidCanisterHttpRequestId((${subnet.id.toText()}, ${id}))`)
  return { subnet, outcall }
}

function answerOf(response: Fields): HttpOutcallAnswer {
  const reject = optionalFields(response, 'CanisterHttpReject')
  if (reject !== undefined) {
    const rejectCode = rejectCodeOf(naturalOf(reject['reject_code'], 64, '`reject_code`'))
    const message = textOf(reject['message'], '`message`')
    const bytes = encoder.encode(message).length
    if (bytes > rejectBytesMax) throw badRequest(`CanisterHttpRejectMessageTooLong((${bytes}, ${rejectBytesMax}))`)
    return { rejectCode, message }
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
