import { larger, type Count } from './amounts.ts'
import { defaultHttpResponseBytes, instructionLimits } from './limits.ts'
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

/**
 * Which nodes make the request: all and agree; one; or a group of `totalRequests` nodes, of which between `minResponses`
 * and `maxResponses` answers are delivered.
 */
export type Replication =
  | { readonly kind: 'full' }
  | { readonly kind: 'none' }
  | { readonly kind: 'flexible'; readonly totalRequests: Count; readonly minResponses: Count; readonly maxResponses: Count }

/** What a flexible request that names no counts asks of a subnet of so many nodes. */
export const defaultReplication = (nodes: number): Extract<Replication, { kind: 'flexible' }> => ({
  kind: 'flexible',
  totalRequests: nodes,
  minResponses: Math.floor((2 * nodes) / 3) + 1,
  maxResponses: nodes,
})

/** Nodes that make the request. */
export const outcallNodes = (pricing: Pricing, replication: Replication): bigint => {
  if (replication.kind === 'none') return 1n
  return replication.kind === 'full' ? pricing.subnetSize : BigInt(replication.totalRequests)
}

/** Nodes of all that must have the same response: all but a third. */
export const outcallVotesNeeded = (nodes: bigint): bigint => nodes - (nodes - 1n) / 3n

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
  /** The longest reject, which may take the place of any response, in bytes. */
  rejectBytes: 1_025n,
  /** What the encoding of a response may add to it, in bytes. */
  encodingBytes: 1_024n,
  /** The longest that a request can take. */
  maxMilliseconds: 60_000n,
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

/**
 * What a pay-as-you-go outcall should attach: `ic0.cost_http_request_v2`. More than any outcome costs: what each node is
 * given must cover its part of whatever is delivered in the end.
 */
export const outcallEstimate = (
  pricing: Pricing,
  requestBytes: Count,
  usage: OutcallUsage,
  replication: Replication = { kind: 'full' },
): bigint => (pricing.free ? 0n : outcallBaseFee(pricing, requestBytes, replication) + usageFee(pricing, usage, replication))

/** The most that an outcall can come to beyond its base fee. A whole multiple of the number of nodes that make it. */
export const maxOutcallUsageFee = (
  pricing: Pricing,
  replication: Replication,
  maxResponseBytes: Count = defaultHttpResponseBytes,
): bigint => {
  const usage: OutcallUsage = {
    downloadedBytes: maxResponseBytes,
    milliseconds: payg.maxMilliseconds,
    transformInstructions: instructionLimits.query,
    transformedBytes: BigInt(maxResponseBytes) + payg.encodingBytes,
  }
  return usageFee(pricing, usage, replication)
}

/** The share of every node, times the nodes. */
const usageFee = (pricing: Pricing, usage: OutcallUsage, replication: Replication): bigint => {
  const nodes = outcallNodes(pricing, replication)
  const transformedBytes = larger(BigInt(usage.transformedBytes), payg.rejectBytes)
  const replica = outcallReplicaFee(pricing, { ...usage, transformedBytes }, replication)
  return (replica + divideUp(maxConsensusFee(pricing, transformedBytes, replication), nodes)) * nodes
}

const maxConsensusFee = (pricing: Pricing, bytes: bigint, replication: Replication): bigint => {
  switch (replication.kind) {
    case 'none':
      return outcallConsensusFee(pricing, [bytes], replication)
    case 'full':
      // No more than the nodes that must agree pay for the response, each out of what it was given.
      return divideUp(outcallConsensusFee(pricing, [bytes], replication), outcallVotesNeeded(pricing.subnetSize)) * pricing.subnetSize
    case 'flexible': {
      if (BigInt(replication.maxResponses) === 0n) return 0n
      return outcallConsensusFee(
        pricing,
        Array.from({ length: Number(replication.totalRequests) }, () => bytes),
        replication,
      )
    }
  }
}

const divideUp = (amount: bigint, by: bigint): bigint => (amount + by - 1n) / by

/** What an allowance buys of one resource, where nothing else is bought: limits that a node keeps to. */
export const affordableUsage = (allowance: bigint) => ({
  downloadedBytes: allowance / payg.downloadedByte,
  /** The division in the price is rounded down, so that a last part of it is free. */
  transformInstructions: allowance * payg.transformDivisor + payg.transformDivisor - 1n,
})
