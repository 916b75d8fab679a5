/** What one node of a subnet makes of the answer that it got, and what that costs. */
import { affordableUsage, outcallReplicaFee } from '@tidemark/cycles'
import type { HttpOutcall, OutcallAnswer, ResponsePayload } from '@tidemark/state'
import { encodeResponse, outcallReject, type Outcall, responseBytes, responseProblem } from '../../management/index.ts'
import type { World } from '../../world.ts'
import { runTransform } from './transform.ts'

export interface NodeReport {
  readonly payload: ResponsePayload
  /** Bytes that it takes to deliver it. */
  readonly bytes: number
  /** Cycles that the node used; 0 where the outcall was paid for at once. */
  readonly spent: bigint
}

/** An outcall that is being answered, and how it was asked for. */
export interface Answering {
  readonly held: HttpOutcall
  readonly outcall: Outcall
}

const encoder = new TextEncoder()

/** What a node that answers tells the others. */
export function nodeReport(world: World, answering: Answering, answer: OutcallAnswer): NodeReport {
  const { held, outcall } = answering
  if (outcall.pricing === 'legacy') {
    const { payload } = transformed(world, answering, answer, outcall.limit, world.env.limits.queryInstructions)
    return { payload, bytes: payloadBytes(payload), spent: 0n }
  }
  const { pricing, env } = world
  const allowance = held.allowance ?? 0n
  const afford = (budget: bigint) => (pricing.free ? undefined : affordableUsage(budget > 0n ? budget : 0n))
  const limit = smaller(outcall.limit, afford(allowance)?.downloadedBytes)
  const isDownloaded = answer.kind === 'response' && responseProblem(answer.response, limit) === undefined
  const downloadedBytes = isDownloaded ? responseBytes(answer.response) : 0
  const usage = { downloadedBytes, milliseconds: 0, transformInstructions: 0, transformedBytes: 0 }
  const left = allowance - outcallReplicaFee(pricing, usage, outcall.replication)
  const fullInstructions = BigInt(env.limits.queryInstructions)
  const instructionLimit = smaller(fullInstructions, afford(left)?.transformInstructions)
  const result = transformed(world, answering, answer, limit, Number(instructionLimit))
  const isShort = result.isCutOff && instructionLimit < fullInstructions
  const transformInstructions = result.instructions
  const transformedBytes = payloadBytes(result.payload)
  const total = outcallReplicaFee(pricing, { ...usage, transformInstructions, transformedBytes }, outcall.replication)
  // A node that has not got the cycles for its part says so, and has used up what it had.
  const payload = isShort || total > allowance ? outcallReject(4, 'Insufficient cycles') : result.payload
  return { payload, bytes: payloadBytes(payload), spent: total < allowance ? total : allowance }
}

interface Content {
  readonly payload: ResponsePayload
  readonly instructions: number
  readonly isCutOff: boolean
}

function transformed(world: World, { held, outcall }: Answering, answer: OutcallAnswer, limit: bigint, instructionLimit: number): Content {
  const untouched = (payload: ResponsePayload): Content => ({ payload, instructions: 0, isCutOff: false })
  if (answer.kind === 'reject') return untouched(answer)
  const problem = responseProblem(answer.response, limit)
  if (problem !== undefined) return untouched(outcallReject(1, problem))
  if (outcall.transform === undefined) return untouched({ kind: 'reply', data: encodeResponse(answer.response) })
  const result = runTransform(world, held.call.sender, outcall.transform, answer.response, instructionLimit)
  if (result.payload.kind === 'reply' && result.payload.data.length > outcall.limit) {
    return { ...result, payload: outcallReject(1, `Transformed http response exceeds limit: ${outcall.limit}`) }
  }
  return result
}

/** A reject counts for its code and its text. */
function payloadBytes(payload: ResponsePayload): number {
  return payload.kind === 'reply' ? payload.data.length : 1 + encoder.encode(payload.reject.message).length
}

function smaller(a: bigint, b: bigint | undefined): bigint {
  return b !== undefined && b < a ? b : a
}
