/** The one response that the nodes of a subnet agree on. */
import { outcallConsensusFee, outcallVotesNeeded } from '@tidemark/cycles'
import type { ResponsePayload } from '@tidemark/state'
import { toHex } from '@tidemark/types'
import { sha256 } from '@noble/hashes/sha2.js'
import { outcallReject } from '../../management/index.ts'
import type { World } from '../../world.ts'
import type { Answering, NodeReport } from './nodeReport.ts'
import { outOfCyclesText, spentBy, type Verdict } from './verdict.ts'

/** All but a third of the nodes must have the same; of a single node, whatever it has. */
export function agree({ pricing }: World, { held, outcall }: Answering, reports: readonly NodeReport[]): Verdict {
  const spent = spentBy(reports)
  const votes = countVotes(reports)
  const [first] = votes
  if (first === undefined || BigInt(first.count) < outcallVotesNeeded(BigInt(reports.length))) {
    const hashes = votes.map(({ hash, count }) => `[${hash}: ${count}]`).join(', ')
    const text = `No consensus could be reached. Replicas had different responses. Details: request_id: ${held.id}, hashes: ${hashes}`
    return { payload: outcallReject(2, text), charged: spent }
  }
  const { payload, bytes } = first.report
  if (outcall.pricing === 'legacy' || pricing.free) return { payload, charged: 0n }
  const delivery = outcallConsensusFee(pricing, [bytes], outcall.replication)
  const allowance = held.allowance ?? 0n
  if (spent + delivery > allowance * BigInt(reports.length)) {
    return { payload: outcallReject(4, outOfCyclesText(reports, allowance, delivery)), charged: spent }
  }
  return { payload, charged: spent + delivery }
}

interface Votes {
  readonly hash: string
  readonly report: NodeReport
  count: number
}

/** What the nodes have, the most frequent first. */
function countVotes(reports: readonly NodeReport[]): readonly Votes[] {
  const votes = new Map<string, Votes>()
  for (const report of reports) {
    const hash = toHex(sha256(contentOf(report.payload)))
    const known = votes.get(hash)
    if (known === undefined) votes.set(hash, { hash, report, count: 1 })
    else known.count += 1
  }
  return [...votes.values()].sort((a, b) => b.count - a.count || (a.hash < b.hash ? 1 : -1))
}

const encoder = new TextEncoder()

/** Bytes that differ where payloads do. */
function contentOf(payload: ResponsePayload): Uint8Array {
  const content = payload.kind === 'reply' ? payload.data : encoder.encode(payload.reject.message)
  const kind = payload.kind === 'reply' ? 0 : payload.reject.code
  return Uint8Array.of(kind, ...content)
}
