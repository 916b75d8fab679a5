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

/** `undefined` while the call has no outcome. */
export function encodeOutcome(status: IngressStatus | undefined): JsonValue | undefined {
  if (status?.status === 'replied') return { Ok: toBase64(status.reply) }
  if (status?.status === 'rejected') return encodeReject(status.reject, true)
  return undefined
}
