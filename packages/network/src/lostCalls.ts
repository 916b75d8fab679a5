/** What becomes of calls into a subnet that is deleted: their callers get a reject, and do not wait for ever. */
import type { OutgoingMessage, Request, Response } from '@tidemark/state'
import { createReject, type Principal } from '@tidemark/types'
import type { Streams } from './streams.ts'
import { hosts, type Subnet } from './subnet.ts'

/**
 * Rejects for all open calls of other subnets, to be sent to them; takes what is on its way to the subnet out of the streams.
 * Calls that had not arrived come back with their cycles; those of the others are gone with the subnet, as its answers to calls
 * of its own are.
 */
export function rejectLostCalls(lost: Subnet, others: readonly Subnet[], streams: Streams): OutgoingMessage[] {
  const unarrived = streams.takeAll(lost.id).filter((message) => message.kind === 'request')
  const onTheirWay = new Set(streams.responsesFrom(lost.id).map(({ originator, callbackId }) => nameOf(originator, callbackId)))
  const returned = unarrived.map((request) => rejectOf(request, request.cycles))
  for (const { originator, callbackId } of returned) onTheirWay.add(nameOf(originator, callbackId))
  const lostCalls = others.flatMap(({ replica }) =>
    replica.canisters().flatMap(({ id, callbacks, queues }) =>
      [...callbacks.values()].flatMap((call): Response[] => {
        const isAnswered = onTheirWay.has(nameOf(id, call.id)) || queues.hasResponse(call.callee, call.id)
        if (!hosts(lost, call.callee) || isAnswered) return []
        const { deadlineNanos } = call
        return [rejectOf({ sender: id, receiver: call.callee, callbackId: call.id, deadlineNanos }, 0n)]
      }),
    ),
  )
  return [...returned, ...lostCalls].flatMap((message) => {
    const host = others.find((subnet) => hosts(subnet, message.originator))
    return host === undefined ? [] : [{ subnet: host.id, message }]
  })
}

function rejectOf(request: Pick<Request, 'sender' | 'receiver' | 'callbackId' | 'deadlineNanos'>, refund: bigint): Response {
  const { sender: originator, receiver: respondent, callbackId, deadlineNanos } = request
  const reject = createReject('CanisterNotFound', `No route to canister ${respondent.toText()}`)
  return { kind: 'response', originator, respondent, callbackId, payload: { kind: 'reject', reject }, refund, deadlineNanos }
}

function nameOf(originator: Principal, callbackId: bigint): string {
  return `${originator.key} ${callbackId}`
}
