import { RejectError } from '@tidemark/types'
import { argumentOf, managedCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { fromCandidPrincipal } from '../codec.ts'
import { replyWith } from '../reply.ts'

/** Removes a stopped canister; its cycles are gone. @see Interface specification, "IC method `delete_canister`" */
export function deleteCanister(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'delete_canister')
  const id = fromCandidPrincipal(arg.canister_id)
  if (id.equals(call.caller)) throw new RejectError('CanisterInvalidController', `Canister ${id.toText()} cannot delete itself.`)
  const canister = managedCanister(call, arg.canister_id)
  if (canister.status.kind !== 'stopped') {
    throw new RejectError('CanisterNotStopped', `Canister ${id.toText()} must be stopped before it is deleted.`)
  }
  if (!canister.queues.isEmpty) {
    throw new RejectError(
      'CanisterQueueNotEmpty',
      `Canister ${id.toText()} has messages in its queues and cannot be deleted now. Please retry after some time.`,
    )
  }
  call.subnet.burnedCycles += canister.balance + canister.reservedBalance
  call.subnet.removeCanister(id)
  return replyWith('delete_canister', undefined)
}
