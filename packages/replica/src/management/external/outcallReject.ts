import type { AnsweredOutcall } from '@tidemark/state'
import type { ErrorCode, RejectCode } from '@tidemark/types'

/** Outcalls are rejected by code alone; the calling canister sees no error code, so that any of the same class will do. */
const errorCodeOf: Record<RejectCode, ErrorCode> = {
  1: 'SubnetOversubscribed',
  2: 'IngressMessageTimeout',
  3: 'CanisterNotFound',
  4: 'CanisterRejectedMessage',
  5: 'CanisterTrapped',
  6: 'DeadlineExpired',
}

/** The answer of an outcall that failed. */
export function outcallReject(code: RejectCode, message: string): Extract<AnsweredOutcall['answer'], { kind: 'reject' }> {
  return { kind: 'reject', reject: { code, message, errorCode: errorCodeOf[code] } }
}
