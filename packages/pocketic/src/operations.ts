/** Runs an operation on an instance: one at a time, for as long as the client would wait. */
import type { WholeAnswer } from '@tidemark/listen'
import { jsonAnswer } from './answers.ts'
import type { Graph } from './graph.ts'
import type { Instance } from './instance/instance.ts'
import { sha256Hex } from './sha256.ts'
import type { JsonValue } from './wire/json.ts'

/** Operations that wait for a busy instance, because their clients do not know that they could ask again. */
const patient: ReadonlySet<string> = new Set(['read/topology', '_/topology'])

/** Header by which a client says how long it would wait, milliseconds. */
const timeoutHeader = 'processing-timeout-ms'

export interface OperationRequest {
  readonly number: number
  readonly instance: Instance
  /** Below the instance. */
  readonly path: string
  readonly header: (name: string) => string | undefined
  /** What makes two operations of the same path differ. */
  readonly body: string
  readonly operation: () => JsonValue | Promise<JsonValue>
}

/** 200 with the value, 202 when it takes too long, 409 while another one runs. @throws ApiError as the operation does */
export async function runOperation(graph: Graph, request: OperationRequest): Promise<WholeAnswer> {
  const { number, instance, path, header, body, operation } = request
  if (patient.has(path)) await instance.free()
  if (instance.current !== undefined) return jsonAnswer(nameOf(instance.current), 409)
  const computation = instance.begin(() => opIdOf(path, body), operation)
  const timeoutMillis = timeoutOf(header(timeoutHeader))
  if (timeoutMillis === undefined) return jsonAnswer(await computation.outcome)
  const { promise: timeout, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), timeoutMillis)
  try {
    const value = await Promise.race([computation.outcome, timeout])
    if (value !== undefined) return jsonAnswer(value)
  } finally {
    clearTimeout(timer)
  }
  graph.keep(number, computation)
  return jsonAnswer(nameOf(computation), 202)
}

function nameOf({ stateLabel, opId }: { readonly stateLabel: string; readonly opId: string }): JsonValue {
  return { state_label: stateLabel, op_id: opId }
}

/** A name that can stand in a path. */
function opIdOf(path: string, body: string): string {
  const name = path.split('/').at(-1) ?? path
  return body === '' ? name : `${name}_${sha256Hex(body).slice(0, 32)}`
}

/** `undefined` when the client waits as long as it takes. */
function timeoutOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
