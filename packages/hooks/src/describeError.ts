import type { lifecycleHooksExampleTypes as example } from '@tidemark/bindings'

/**
 * Code, reject code and text of a caught error, as the error hook tells them. Networks put the code in front of the text,
 * as in `IC0503: Error from Canister …`; without one the code is empty. An error that is no reject gets reject code 0.
 */
export function describeError(error: unknown): example.HookError {
  const { rejectCode, text } = isRejection(error)
    ? { rejectCode: error.rejectCode, text: error.rejectMessage }
    : { rejectCode: 0, text: textOf(error) }
  const [, code = '', message = text] = /^(IC\d{4}): (.*)$/s.exec(text) ?? []
  return { code, reject_code: rejectCode, message, backtrace: [] }
}

interface Rejection {
  readonly rejectCode: number
  readonly rejectMessage: string
}

function isRejection(error: unknown): error is Rejection {
  return typeof error === 'object' && error !== null && 'rejectMessage' in error && 'rejectCode' in error
}

function textOf(error: unknown): string {
  if (error instanceof Error) return error.message
  return typeof error === 'object' && error !== null && 'type' in error ? String(error.type) : String(error)
}
