/** HTTPS requests that canisters have made. */
import type { Reject } from '@tidemark/types'
import type { Request } from './messages.ts'

/** A request on its way to a server. */
export interface HttpOutcall {
  readonly id: bigint
  /** The call of `http_request`; its argument says what is asked for. */
  readonly call: Request
  /** Cycles that return with the answer. */
  readonly refund: bigint
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
}
