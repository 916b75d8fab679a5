import { traceKinds, traceOutcomes, type TraceEvent } from './event.ts'

/** A line that is not a trace event; the message names the field and what was expected there. */
export class TraceFormatError extends Error {
  override readonly name = 'TraceFormatError'
}

type Fields = { readonly [name: string]: unknown }

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

const wrong = (name: string, expected: string): TraceFormatError => new TraceFormatError(`Trace event: "${name}" must be ${expected}`)

const textField = (fields: Fields, name: string): string => {
  const value = fields[name]
  if (typeof value !== 'string') throw wrong(name, 'a string')
  return value
}

const amountField = (fields: Fields, name: string): bigint => {
  const value = textField(fields, name)
  if (!/^(0|[1-9]\d*)$/.test(value)) throw wrong(name, 'a whole number in decimal digits')
  return BigInt(value)
}

const countField = (fields: Fields, name: string): number => {
  const value = fields[name]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw wrong(name, 'a whole number from 0')
  return value
}

const choiceField = <Choice extends string>(fields: Fields, name: string, choices: readonly Choice[]): Choice => {
  const choice = choices.find((candidate) => candidate === fields[name])
  if (choice === undefined) throw wrong(name, `one of ${choices.join(', ')}`)
  return choice
}

const logsField = (fields: Fields): readonly string[] => {
  const value = fields['logs']
  if (!Array.isArray(value) || !value.every((line) => typeof line === 'string')) throw wrong('logs', 'a list of strings')
  return value
}

const parseFields = (line: string): Fields => {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new TraceFormatError('Trace event: not JSON')
  }
  if (!isFields(value)) throw new TraceFormatError('Trace event: not a JSON object')
  return value
}

/**
 * Reads one line written by `encodeTraceEvent`. Unknown fields are ignored, so that newer recordings stay readable.
 *
 * @throws TraceFormatError when the line is no trace event.
 */
export const decodeTraceEvent = (line: string): TraceEvent => {
  const fields = parseFields(line)
  return {
    seq: countField(fields, 'seq'),
    round: amountField(fields, 'round'),
    timeNanos: amountField(fields, 'timeNanos'),
    canisterId: textField(fields, 'canisterId'),
    kind: choiceField(fields, 'kind', traceKinds),
    ...(fields['methodName'] === undefined ? {} : { methodName: textField(fields, 'methodName') }),
    instructions: amountField(fields, 'instructions'),
    cyclesCharged: amountField(fields, 'cyclesCharged'),
    heapPagesDirtied: countField(fields, 'heapPagesDirtied'),
    memoryBefore: amountField(fields, 'memoryBefore'),
    memoryAfter: amountField(fields, 'memoryAfter'),
    outcome: choiceField(fields, 'outcome', traceOutcomes),
    ...(fields['error'] === undefined ? {} : { error: textField(fields, 'error') }),
    logs: logsField(fields),
    ...(fields['causeSeq'] === undefined ? {} : { causeSeq: countField(fields, 'causeSeq') }),
  }
}

/**
 * Reads JSON lines; blank lines are skipped.
 *
 * @throws TraceFormatError naming the line, counted from 1.
 */
export const decodeTrace = (text: string): readonly TraceEvent[] =>
  text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    try {
      return [decodeTraceEvent(line)]
    } catch (error) {
      if (!(error instanceof TraceFormatError)) throw error
      throw new TraceFormatError(`Line ${index + 1}: ${error.message}`)
    }
  })
