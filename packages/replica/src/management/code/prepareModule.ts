import { executionReject, type PreparedModule } from '@tidemark/execution'
import type { CanisterState } from '@tidemark/state'
import { type Reject, RejectError } from '@tidemark/types'
import type { ManagementCall } from '../call.ts'

/** A module ready to run, or the reject that names the canister it was meant for. */
export function prepareModule({ options }: ManagementCall, canister: CanisterState, bytes: Uint8Array): PreparedModule | Reject {
  try {
    return options.prepareModule(bytes)
  } catch (thrown) {
    if (thrown instanceof RejectError) return executionReject(canister, thrown.reject)
    throw thrown
  }
}
