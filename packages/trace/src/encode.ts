import type { TraceEvent } from './event.ts'

/**
 * One event as one line of JSON, without the line end. Fields always come in the same order and absent ones are left
 * out, so equal events give equal lines; BigInt fields are decimal strings.
 */
export const encodeTraceEvent = (event: TraceEvent): string =>
  JSON.stringify({
    seq: event.seq,
    round: event.round.toString(),
    timeNanos: event.timeNanos.toString(),
    canisterId: event.canisterId,
    kind: event.kind,
    methodName: event.methodName,
    instructions: event.instructions.toString(),
    cyclesCharged: event.cyclesCharged.toString(),
    heapPagesDirtied: event.heapPagesDirtied,
    memoryBefore: event.memoryBefore.toString(),
    memoryAfter: event.memoryAfter.toString(),
    outcome: event.outcome,
    error: event.error,
    logs: event.logs,
    causeSeq: event.causeSeq,
  })

/** Events as JSON lines, each ended by a line feed. */
export const encodeTrace = (events: Iterable<TraceEvent>): string => {
  let text = ''
  for (const event of events) text += `${encodeTraceEvent(event)}\n`
  return text
}
