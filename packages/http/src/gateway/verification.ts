/**
 * The place where answers of canisters are verified.
 *
 * A verifier sees every answer to a query that is complete (streams of more than a few parts, `raw` hosts and answers to update
 * calls are passed on unverified, as the public gateway does). The network's own gateway and its canisters run in one process, so
 * nothing can change an answer on the way; what a verifier finds here is what the public gateway would find.
 */
import type { Principal } from '@tidemark/types'
import type { CanisterRequest, CanisterResponse } from './httpTypes.ts'

export interface Exchange {
  readonly request: CanisterRequest
  readonly response: CanisterResponse
  readonly canisterId: Principal
}

/** `undefined` when the answer verifies, else the reason why it does not. */
export type ResponseVerifier = (exchange: Exchange) => string | undefined
