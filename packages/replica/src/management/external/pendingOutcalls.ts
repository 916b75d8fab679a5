/** HTTPS outcalls from outside: what canisters wait for, and how they get it. */
import type { HttpResponse, OutcallAnswer, SubnetState } from '@tidemark/state'
import type { Pricing, Replication } from '@tidemark/cycles'
import type { Principal, RejectCode } from '@tidemark/types'
import { optional } from '../codec.ts'
import { decodeOutcall, type OutcallPricing } from './outcall.ts'
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
  /** Which nodes ask, and how many of their answers are delivered. */
  readonly replication: Replication
  readonly pricing: OutcallPricing
}

/** What a server answered, or how the request failed. */
export type HttpOutcallAnswer = HttpResponse | { readonly rejectCode: RejectCode; readonly message: string }

const methodNames = { get: 'GET', head: 'HEAD', post: 'POST', put: 'PUT', delete: 'DELETE', patch: 'PATCH' } as const

/** In the order in which they were made. */
export function pendingHttpOutcalls(subnet: SubnetState, prices: Pricing): readonly PendingHttpOutcall[] {
  const waiting = [...subnet.httpOutcalls.values()].filter(({ isHeard }) => isHeard !== true)
  return waiting.map(({ id, call }) => {
    const { arg, replication, pricing } = decodeOutcall(prices, call)
    const limit = optional(arg.max_response_bytes)
    return {
      id,
      canisterId: call.sender,
      method: methodNames[Object.keys(arg.method)[0] as keyof typeof methodNames],
      url: arg.url,
      headers: arg.headers,
      body: optional(arg.body) ?? new Uint8Array(0),
      ...(limit === undefined ? {} : { maxResponseBytes: limit }),
      replication,
      pricing,
    }
  })
}

/**
 * Hands in an answer, which the canister gets in the next round.
 *
 * @param others - what the other nodes got, one for each; empty where all got the same
 * @param isPartial - whether the other nodes of a group, of which these are answers, have none
 * @returns whether the outcall was waiting for one
 * @throws RangeError when the status is no natural number
 */
export function answerHttpOutcall(
  subnet: SubnetState,
  id: bigint,
  answer: HttpOutcallAnswer,
  others: readonly HttpOutcallAnswer[],
  isPartial: boolean,
): boolean {
  const [own, ...rest] = [answer, ...others].map(parseAnswer) as [OutcallAnswer, ...OutcallAnswer[]]
  const outcall = subnet.httpOutcalls.get(id)
  if (outcall === undefined || outcall.isHeard === true) return false
  subnet.httpOutcalls.delete(id)
  subnet.answeredOutcalls.push({
    outcall,
    answer: own,
    ...(rest.length === 0 ? {} : { others: rest }),
    ...(isPartial ? { isPartial } : {}),
  })
  return true
}

function parseAnswer(answer: HttpOutcallAnswer): OutcallAnswer {
  if (!('status' in answer)) return outcallReject(answer.rejectCode, answer.message)
  if (!(Number.isSafeInteger(answer.status) && answer.status >= 0)) throw new RangeError(`not a status: ${answer.status}`)
  return { kind: 'response', response: answer }
}
