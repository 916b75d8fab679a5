/** How the outcome of a call travels. */
import type { IngressStatus, QueryResult, Reject } from '@tidemark/types'
import { toBase64 } from './base64.ts'
import type { JsonValue } from './json.ts'

const codeNames = ['', 'SysFatal', 'SysTransient', 'DestinationInvalid', 'CanisterReject', 'CanisterError', 'SysUnknown'] as const

/** @param certified - whether the reject stands in the certified state */
export function encodeReject({ code, message, errorCode }: Reject, certified: boolean): JsonValue {
  return { Err: { reject_code: codeNames[code] ?? '', reject_message: message, error_code: errorCode, certified } }
}

export function encodeQueryResult(result: QueryResult): JsonValue {
  return result.status === 'replied' ? { Ok: toBase64(result.arg) } : encodeReject(result.reject, false)
}

/** The outcome of a call. */
export type Outcome = Extract<IngressStatus, { readonly status: 'replied' | 'rejected' }>

/** `undefined` while the call has none. */
export function outcomeOf(status: IngressStatus | undefined): Outcome | undefined {
  return status?.status === 'replied' || status?.status === 'rejected' ? status : undefined
}

export function encodeOutcome(outcome: Outcome): JsonValue {
  return outcome.status === 'replied' ? { Ok: toBase64(outcome.reply) } : encodeReject(outcome.reject, true)
}
