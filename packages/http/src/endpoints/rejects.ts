import { errorCodeText, type Reject } from '@tidemark/types'

/** A reject as the fields that answers carry. */
export function rejectFields(reject: Reject): { reject_code: number; reject_message: string; error_code: string } {
  return { reject_code: reject.code, reject_message: reject.message, error_code: errorCodeText(reject.errorCode) }
}
