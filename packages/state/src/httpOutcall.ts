/** HTTPS requests that canisters have made. */
import type { Reject } from '@tidemark/types'
import type { Request } from './messages.ts'

/** A request on its way to a server. */
export interface HttpOutcall {
  readonly id: bigint
  /** The call of `http_request` or `flexible_http_request`; its argument says what is asked for. */
  readonly call: Request
  /** Cycles that return with the answer. */
  readonly refund: bigint
  /** Cycles that each node may use, where the request is paid for as it goes. */
  readonly allowance?: bigint
  /** Cycles of all nodes that may use some. What they leave returns when the request ends. */
  readonly withheld?: bigint
  /** Nobody may answer any more, as too few nodes have: it ends when its time is over. */
  readonly isHeard?: true
  /** Block time when it was made. */
  readonly startedNanos: bigint
}

/** What a request outside is answered with. @see Interface specification, "IC method `http_request`". */
export interface HttpResponse {
  readonly status: number
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly body: Uint8Array
}

/** What one node got for a request. */
export type OutcallAnswer =
  | { readonly kind: 'response'; readonly response: HttpResponse }
  | { readonly kind: 'reject'; readonly reject: Reject }

/** A request with what came back, waiting for the next round. */
export interface AnsweredOutcall {
  readonly outcall: HttpOutcall
  readonly answer: OutcallAnswer
  /** What the other nodes got, where it may differ. */
  readonly others?: readonly OutcallAnswer[]
  /** Whether these are the answers of some nodes of a group, and the rest of it has none. */
  readonly isPartial?: true
}
