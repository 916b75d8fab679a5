/** The responses of a group of nodes, each as it is, or why there are not enough of them. */
import { type Replication, outcallConsensusFee, outcallNodes } from '@tidemark/cycles'
import { encodeFlexibleResult, type FlexibleError } from '../../management/index.ts'
import type { World } from '../../world.ts'
import type { Answering, NodeReport } from './nodeReport.ts'
import { outOfCyclesText, spentBy, type Verdict } from './verdict.ts'

type Counts = Extract<Replication, { kind: 'flexible' }>

/** Most bytes of all responses together. */
const maxResultBytes = 2_097_152

/** What nodes of a group have found, each with its number in the group. */
interface Seen {
  readonly node: number
  readonly report: NodeReport
}

/** @returns undefined while what the other nodes of the group may find can still decide */
export function gather(world: World, answering: Answering, counts: Counts, reports: readonly NodeReport[]): Verdict | undefined {
  const seen = reports.map((report, node) => ({ node, report })).sort((a, b) => a.report.bytes - b.report.bytes)
  const group = new Group(world, answering, counts, seen)
  return group.responses() ?? group.tooManyRejects() ?? group.tooLarge() ?? group.outOfCycles()
}

/** The answer to a group that nobody, or too few, answered for. */
export function timedOut(): Verdict {
  const data = encodeFlexibleResult({ kind: 'timeout', message: 'Flexible HTTP request timed out', nodes: [] })
  return { payload: { kind: 'reply', data }, charged: 0n }
}

class Group {
  readonly #world: World
  readonly #allowance: bigint
  readonly #counts: Counts
  readonly #seen: readonly Seen[]
  readonly #good: readonly Seen[]
  readonly #rejected: readonly Seen[]
  readonly #spent: bigint
  readonly #total: number
  readonly #min: number

  constructor(world: World, { held }: Answering, counts: Counts, seen: readonly Seen[]) {
    this.#world = world
    this.#allowance = held.allowance ?? 0n
    this.#counts = counts
    this.#seen = seen
    this.#good = seen.filter(({ report }) => report.payload.kind === 'reply')
    this.#rejected = seen.filter(({ report }) => report.payload.kind === 'reject')
    this.#spent = spentBy(seen.map(({ report }) => report))
    this.#total = Number(outcallNodes(world.pricing, counts))
    this.#min = Number(counts.minResponses)
  }

  /** As many as may be, the smallest first: what does not fit, or cannot be paid for, is left out. */
  responses(): Verdict | undefined {
    for (let count = Math.min(Number(this.#counts.maxResponses), this.#good.length); count >= this.#min; count--) {
      const chosen = this.#good.slice(0, count)
      const charged = this.#chargeFor(chosen)
      if (charged === undefined || bytesOf(chosen) > maxResultBytes) continue
      const responses = chosen.flatMap(({ report: { payload } }) => (payload.kind === 'reply' ? [payload.data] : []))
      return { payload: { kind: 'reply', data: encodeFlexibleResult(responses) }, charged }
    }
    return undefined
  }

  tooManyRejects(): Verdict | undefined {
    if (this.#rejected.length <= this.#total - this.#min) return undefined
    const charged = this.#chargeFor(this.#rejected)
    if (charged === undefined) return undefined
    return this.#error(
      'too_many_rejects',
      `Too many rejects: ${this.#rejected.length} responses are rejects`,
      this.#rejected,
      charged,
      (report) => {
        const { payload } = report
        return payload.kind === 'reject'
          ? { code: rejectNames[payload.reject.code], message: payload.reject.message }
          : { code: 'ok', message: '' }
      },
    )
  }

  tooLarge(): Verdict | undefined {
    const unseen = this.#total - this.#seen.length
    const needed = Math.max(0, this.#min - unseen)
    const smallest = this.#good.slice(0, needed)
    if (smallest.length < needed || bytesOf(smallest) <= maxResultBytes) return undefined
    const sizes = smallest.map(({ report }) => report.bytes).join(', ')
    const counted = `${this.#good.length} ok + ${this.#rejected.length} reject + ${unseen} unseen = ${this.#total} total_requests`
    const message = `Responses too large: need at least ${this.#min} OK responses to fit within ${maxResultBytes} bytes, but even the smallest ${needed} (= ${this.#min} min_responses - ${unseen} unseen) of ${this.#good.length} OK responses have sizes [${sizes}] bytes (${counted})`
    return this.#error('responses_too_large', message, this.#seen, this.#spent, (report) => ({
      code: codeOf(report),
      message: `${report.bytes} bytes`,
    }))
  }

  /** What the nodes have left, with all that those that are silent have, pays for no outcome that is still possible. */
  outOfCycles(): Verdict | undefined {
    const cost = this.#leastDelivery()
    const { pricing } = this.#world
    if (cost === undefined || pricing.free || this.#spent + cost <= this.#allowance * BigInt(this.#total)) return undefined
    const message = outOfCyclesText(
      this.#seen.map(({ report }) => report),
      this.#allowance,
      cost,
    )
    return this.#error('out_of_cycles', message, this.#seen, this.#spent, (report) => ({
      code: codeOf(report),
      message: `${report.spent} cycles spent`,
    }))
  }

  /** Nodes that have not answered may still come with nothing to deliver. */
  #leastDelivery(): bigint | undefined {
    const unseen = this.#total - this.#seen.length
    const outcomes = [
      { from: this.#good, needed: this.#min },
      { from: this.#rejected, needed: this.#total - this.#min + 1 },
    ]
    const costs = outcomes.flatMap(({ from, needed }) => {
      if (from.length + unseen < needed) return []
      const known = from.slice(0, Math.max(0, needed - unseen)).map(({ report }) => report.bytes)
      return [this.#deliver([...known, ...Array.from({ length: needed - known.length }, () => 0)])]
    })
    return costs.reduce<bigint | undefined>((least, cost) => (least === undefined || cost < least ? cost : least), undefined)
  }

  #deliver(sizes: readonly number[]): bigint {
    return outcallConsensusFee(this.#world.pricing, sizes, this.#counts)
  }

  /** Undefined when the nodes that have answered have not got that much left. */
  #chargeFor(delivered: readonly Seen[]): bigint | undefined {
    const charged = this.#spent + this.#deliver(delivered.map(({ report }) => report.bytes))
    if (this.#world.pricing.free) return 0n
    return charged <= this.#allowance * BigInt(this.#seen.length) ? charged : undefined
  }

  #error(
    kind: FlexibleError['kind'],
    message: string,
    told: readonly Seen[],
    charged: bigint,
    detail: (report: NodeReport) => { readonly code: string; readonly message: string },
  ): Verdict {
    const ids = this.#world.nodeIds(this.#total)
    const nodes = told.flatMap(({ node, report }) => {
      const nodeId = ids[node]
      return nodeId === undefined ? [] : [{ nodeId, ...detail(report) }]
    })
    return { payload: { kind: 'reply', data: encodeFlexibleResult({ kind, message, nodes }) }, charged }
  }
}

const rejectNames = {
  1: 'SysFatal',
  2: 'SysTransient',
  3: 'DestinationInvalid',
  4: 'CanisterReject',
  5: 'CanisterError',
  6: 'SysUnknown',
} as const

function codeOf({ payload }: NodeReport): string {
  return payload.kind === 'reply' ? 'ok' : 'reject'
}

function bytesOf(seen: readonly Seen[]): number {
  return seen.reduce((sum, { report }) => sum + report.bytes, 0)
}
