/** HTTPS outcalls from outside: what canisters wait for, and how they get it. */
import type { HttpResponse, OutcallAnswer, SubnetState } from '@tidemark/state'
import type { Principal, RejectCode } from '@tidemark/types'
import { decodeArgument, optional } from '../codec.ts'
import { outcallReject } from './outcallReject.ts'

/** An HTTPS request of a canister that nobody has answered yet. */
export interface PendingHttpOutcall {
  readonly id: bigint
  readonly canisterId: Principal
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'PATCH'
  readonly url: string
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly body: Uint8Array
  /** Absent where the canister names no limit: then 2,000,000 holds. */
  readonly maxResponseBytes?: bigint
}

/** What a server answered, or how the request failed. */
export type HttpOutcallAnswer = HttpResponse | { readonly rejectCode: RejectCode; readonly message: string }

const methodNames = { get: 'GET', head: 'HEAD', post: 'POST', put: 'PUT', delete: 'DELETE', patch: 'PATCH' } as const

/** In the order in which they were made. */
export function pendingHttpOutcalls(subnet: SubnetState): readonly PendingHttpOutcall[] {
  return [...subnet.httpOutcalls.values()].map(({ id, call }) => {
    const { url, headers, body, method, max_response_bytes } = decodeArgument('http_request', call.arg)
    const limit = optional(max_response_bytes)
    return {
      id,
      canisterId: call.sender,
      method: methodNames[Object.keys(method)[0] as keyof typeof methodNames],
      url,
      headers,
      body: optional(body) ?? new Uint8Array(0),
      ...(limit === undefined ? {} : { maxResponseBytes: limit }),
    }
  })
}

/**
 * Hands in an answer, which the canister gets in the next round.
 *
 * @param others - what the other nodes got, one for each; empty where all got the same
 * @returns whether the outcall was waiting for one
 * @throws RangeError when the status is no natural number
 */
export function answerHttpOutcall(
  subnet: SubnetState,
  id: bigint,
  answer: HttpOutcallAnswer,
  others: readonly HttpOutcallAnswer[],
): boolean {
  const [own, ...rest] = [answer, ...others].map(parseAnswer) as [OutcallAnswer, ...OutcallAnswer[]]
  const outcall = subnet.httpOutcalls.get(id)
  if (outcall === undefined) return false
  subnet.httpOutcalls.delete(id)
  subnet.answeredOutcalls.push({ outcall, answer: own, ...(rest.length === 0 ? {} : { others: rest }) })
  return true
}

function parseAnswer(answer: HttpOutcallAnswer): OutcallAnswer {
  if (!('status' in answer)) return outcallReject(answer.rejectCode, answer.message)
  if (!(Number.isSafeInteger(answer.status) && answer.status >= 0)) throw new RangeError(`not a status: ${answer.status}`)
  return { kind: 'response', response: answer }
}
