import { larger, type Count } from './amounts.ts'
import { defaultHttpResponseBytes } from './limits.ts'
import { perNode, type Pricing } from './pricing.ts'

export type LegacyOutcall = {
  /** URL, header names and values, body, transform method name and transform context. */
  readonly requestBytes: Count
  /** What the caller allows; 2_000_000 when absent. */
  readonly maxResponseBytes?: Count
}

/**
 * Legacy HTTPS outcall: taken whole from the attached cycles, whatever comes back. Also `ic0.cost_http_request`.
 * The 13-node reference plays no part. Free on system subnets.
 */
export const httpOutcallFee = (pricing: Pricing, outcall: LegacyOutcall): bigint => {
  const { httpLinear, httpQuadratic, httpRequestByte, httpResponseByte } = pricing.prices
  const responseBytes = BigInt(outcall.maxResponseBytes ?? defaultHttpResponseBytes)
  return perNode(
    pricing,
    httpLinear + httpQuadratic * pricing.subnetSize + httpRequestByte * BigInt(outcall.requestBytes) + httpResponseByte * responseBytes,
  )
}

/** Which nodes make the request: all and agree, a group of which at least `minResponses` answer, or one. */
export type Replication =
  | { readonly kind: 'full' }
  | { readonly kind: 'flexible'; readonly minResponses: Count }
  | { readonly kind: 'none' }

/** Constants of the pay-as-you-go outcall (2026); they moved several times that year. */
const payg = {
  request: 1_000_000n,
  requestByte: 50n,
  fullNode: 140_000n,
  fullNodeSquared: 800n,
  groupNode: 90_000n,
  groupNodeResponse: 2_000n,
  groupResponse: 100_000n,
  downloadedByte: 50n,
  millisecond: 300n,
  transformDivisor: 13n,
  gossipedByteNode: 50n,
  consensusNodeByte: 10n,
  consensusByte: 600n,
  /** Overhead of each response of a group, in bytes. */
  groupResponseBytes: 181n,
} as const

/** Part that is taken when the request is accepted. One node alone pays as a group of which one must answer. */
export const outcallBaseFee = (pricing: Pricing, requestBytes: Count, replication: Replication): bigint => {
  const n = pricing.subnetSize
  const request = payg.request + payg.requestByte * BigInt(requestBytes)
  if (replication.kind === 'full') return perNode(pricing, request + payg.fullNode * n + payg.fullNodeSquared * n * n)
  const responses = replication.kind === 'flexible' ? BigInt(replication.minResponses) : 1n
  return perNode(pricing, request + payg.groupNode * n + payg.groupNodeResponse * n * responses + payg.groupResponse * responses)
}

/** What one replica did for an outcall. */
export type OutcallUsage = {
  readonly downloadedBytes: Count
  readonly milliseconds: Count
  readonly transformInstructions: Count
  readonly transformedBytes: Count
}

/** Part that one replica adds for what it did. Responses that are not fully replicated are also gossiped. */
export const outcallReplicaFee = (pricing: Pricing, usage: OutcallUsage, replication: Replication): bigint => {
  if (pricing.free) return 0n
  const gossip = replication.kind === 'full' ? 0n : payg.gossipedByteNode * BigInt(usage.transformedBytes) * pricing.subnetSize
  return (
    payg.downloadedByte * BigInt(usage.downloadedBytes) +
    payg.millisecond * BigInt(usage.milliseconds) +
    BigInt(usage.transformInstructions) / payg.transformDivisor +
    gossip
  )
}

/**
 * Part for putting the result into a block.
 *
 * @param transformedBytes - Size of each delivered response: one, unless the replication is flexible.
 */
export const outcallConsensusFee = (pricing: Pricing, transformedBytes: readonly Count[], replication: Replication): bigint => {
  const n = pricing.subnetSize
  const overhead = replication.kind === 'flexible' ? payg.groupResponseBytes : 0n
  const bytes = transformedBytes.reduce((sum: bigint, size) => sum + overhead + BigInt(size), 0n)
  const paidFor = replication.kind === 'flexible' ? BigInt(replication.minResponses) : 1n
  const extra = replication.kind === 'flexible' ? larger(BigInt(transformedBytes.length) - paidFor, 0n) : 0n
  return perNode(
    pricing,
    (payg.consensusNodeByte * n + payg.consensusByte) * bytes + (payg.groupNodeResponse * n + payg.groupResponse) * extra,
  )
}

/** What a fully replicated pay-as-you-go outcall should attach: `ic0.cost_http_request_v2`. */
export const outcallEstimate = (pricing: Pricing, requestBytes: Count, usage: OutcallUsage): bigint => {
  const full: Replication = { kind: 'full' }
  const replicas = outcallReplicaFee(pricing, usage, full) * pricing.subnetSize
  const spread = perNode(pricing, payg.gossipedByteNode * BigInt(usage.transformedBytes))
  return outcallBaseFee(pricing, requestBytes, full) + replicas + spread + outcallConsensusFee(pricing, [usage.transformedBytes], full)
}
