export { decodeTrace, decodeTraceEvent, TraceFormatError } from './decode.ts'
export { encodeTrace, encodeTraceEvent } from './encode.ts'
export { traceKinds, traceOutcomes, type TraceEntry, type TraceEvent, type TraceKind, type TraceOutcome } from './event.ts'
export { createTraceRecorder, type TraceListener, type TraceRecorder, type TraceRecorderOptions } from './recorder.ts'
