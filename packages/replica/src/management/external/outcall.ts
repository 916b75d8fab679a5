/** An HTTPS outcall as it was asked for, by either method. @see Interface specification, "IC method `http_request`" */
import type { managementTypes } from '@tidemark/bindings'
import { defaultReplication, type Pricing, type Replication } from '@tidemark/cycles'
import { RejectError } from '@tidemark/types'
import { decodeArgument, optional } from '../codec.ts'
import { maxResponseBytes } from './outcallLimits.ts'

export type OutcallMethod = 'http_request' | 'flexible_http_request'

/** Which of the two ways to pay a request has: for the most that may come back, or for what it uses. */
export type OutcallPricing = 'legacy' | 'pay_as_you_go'

export interface Outcall {
  readonly method: OutcallMethod
  readonly arg: managementTypes.HttpRequestArgs | managementTypes.FlexibleHttpRequestArgs
  /** Most bytes of a response: what the request allows, or all that can be allowed. */
  readonly limit: bigint
  readonly transform: managementTypes.HttpTransform | undefined
  readonly replication: Replication
  readonly pricing: OutcallPricing
}

/** The number by which requests choose to pay as they go. */
const payAsYouGoVersion = 2

/** @throws RejectError InvalidManagementPayload */
export function decodeOutcall(pricing: Pricing, { methodName, arg }: { readonly methodName: string; readonly arg: Uint8Array }): Outcall {
  // Prices of 2025 know one way to pay.
  const isOffered = pricing.profile !== '2025'
  if (methodName === 'flexible_http_request') {
    const decoded = decodeArgument('flexible_http_request', arg)
    const counts = optional(decoded.replication)
    const replication = counts === undefined ? defaultReplication(Number(pricing.subnetSize)) : replicationOf(counts)
    return { method: methodName, arg: decoded, ...commonOf(decoded), replication, pricing: isOffered ? 'pay_as_you_go' : 'legacy' }
  }
  const decoded = decodeArgument('http_request', arg)
  return {
    method: 'http_request',
    arg: decoded,
    ...commonOf(decoded),
    replication: { kind: (optional(decoded.is_replicated) ?? true) ? 'full' : 'none' },
    pricing: isOffered && optional(decoded.pricing_version) === payAsYouGoVersion ? 'pay_as_you_go' : 'legacy',
  }
}

function commonOf(arg: Outcall['arg']): Pick<Outcall, 'limit' | 'transform'> {
  return { limit: optional(arg.max_response_bytes) ?? BigInt(maxResponseBytes), transform: optional(arg.transform) }
}

function replicationOf(counts: managementTypes.ReplicationCounts): Replication {
  const { total_requests: totalRequests, min_responses: minResponses, max_responses: maxResponses } = counts
  return { kind: 'flexible', totalRequests, minResponses, maxResponses }
}

/** @throws RejectError CanisterRejectedMessage when the subnet cannot have so many nodes and answers */
export function checkReplication(pricing: Pricing, replication: Replication): void {
  if (replication.kind !== 'flexible') return
  const { totalRequests: total, minResponses: min, maxResponses: max } = replication
  const nodes = pricing.subnetSize
  if (total < 1) throw invalidCounts(`total_requests (${total}) must be at least 1`)
  if (total > nodes) throw invalidCounts(`total_requests (${total}) must not exceed the number of available nodes (${nodes})`)
  if (min > max) throw invalidCounts(`min_responses (${min}) must not exceed max_responses (${max})`)
  if (max > total) throw invalidCounts(`max_responses (${max}) must not exceed total_requests (${total})`)
}

function invalidCounts(text: string): RejectError {
  return new RejectError('CanisterRejectedMessage', text)
}
