/** What goes back to a client. */
import type { WholeAnswer } from '@tidemark/listen'
import { ApiError, PlainError } from './wire/apiError.ts'
import { type JsonValue, printJson } from './wire/json.ts'

export function jsonAnswer(value: JsonValue, status = 200): WholeAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: printJson(value) }
}

/** The answer that an error becomes. @param onFailure - hears of errors that are defects of our own */
export function errorAnswer(error: unknown, onFailure: (error: unknown) => void): WholeAnswer {
  if (error instanceof PlainError) return textAnswer(error.status, error.message)
  if (error instanceof ApiError) return jsonAnswer({ message: error.message }, error.status)
  onFailure(error)
  return jsonAnswer({ message: `Internal error: ${error instanceof Error ? error.message : String(error)}` }, 500)
}

/** An answer in plain text. */
export function textAnswer(status: number, text: string): WholeAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: text }
}

/** An answer without a body. */
export function emptyAnswer(status: number): WholeAnswer {
  return { status, headers: {}, body: null }
}

/** Something is there, but not for this method. */
export function methodNotAllowed(allowed: readonly string[]): WholeAnswer {
  const methods = allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  return { status: 405, headers: { allow: methods.join(',') }, body: null }
}

/** Creating something that failed has a form of its own. */
export function creationFailed(error: unknown): WholeAnswer {
  if (!(error instanceof ApiError) || error instanceof PlainError) throw error
  return jsonAnswer({ Error: { message: error.message } }, error.status)
}
