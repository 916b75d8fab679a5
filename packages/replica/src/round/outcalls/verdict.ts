import type { ResponsePayload } from '@tidemark/state'
import type { NodeReport } from './nodeReport.ts'

/** How an outcall ends. */
export interface Verdict {
  readonly payload: ResponsePayload
  /** Cycles of those that were withheld for it that it has used. */
  readonly charged: bigint
}

export function spentBy(reports: readonly NodeReport[]): bigint {
  return reports.reduce((sum, { spent }) => sum + spent, 0n)
}

/** Of nodes that had so much altogether, and used that; delivering what they found costs at least so much more. */
export function outOfCyclesText(reports: readonly NodeReport[], allowance: bigint, cost: bigint): string {
  const spent = spentBy(reports)
  const left = allowance * BigInt(reports.length) - spent
  return `Out of cycles: ${reports.length} of the assigned replicas reported a collective spend of ${spent} cycles, leaving ${left} cycles of the attached payment (after base fee deduction). Delivering a response would cost at least ${cost} cycles.`
}
