import { RejectError } from '@tidemark/types'
import type { ManagementCall } from '../call.ts'

/** A method that answers to queries alone, called by a canister. */
export function queryOnly(method: string): (call: ManagementCall) => never {
  return () => {
    throw new RejectError('CanisterRejectedMessage', `${method} API is only accessible to end users in non-replicated mode`)
  }
}
