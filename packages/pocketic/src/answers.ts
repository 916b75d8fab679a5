/** What goes back to a client. */
import { ApiError } from './wire/apiError.ts'
import { type JsonValue, printJson } from './wire/json.ts'

export function jsonAnswer(value: JsonValue, status = 200): Response {
  return new Response(printJson(value), { status, headers: { 'content-type': 'application/json' } })
}

/** The answer that an error becomes. @param onFailure - hears of errors that are defects of our own */
export function errorAnswer(error: unknown, onFailure: (error: unknown) => void): Response {
  if (error instanceof ApiError) return jsonAnswer({ message: error.message }, error.status)
  onFailure(error)
  return jsonAnswer({ message: `Internal error: ${error instanceof Error ? error.message : String(error)}` }, 500)
}

/** Creating something that failed has a form of its own. */
export function creationFailed(error: unknown): Response {
  if (!(error instanceof ApiError)) throw error
  return jsonAnswer({ Error: { message: error.message } }, error.status)
}
