import { argumentOf, namedCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { mint } from '../ledger.ts'
import { replyWith } from '../reply.ts'
import { requireProvisional } from './provisional.ts'

/** Adds cycles out of nothing. @see Interface specification, "IC method `provisional_top_up_canister`" */
export function provisionalTopUpCanister(call: ManagementCall): ManagementResult {
  requireProvisional(call)
  const arg = argumentOf(call, 'provisional_top_up_canister')
  const canister = namedCanister(call, arg.canister_id)
  mint(call.subnet, canister, arg.amount)
  return replyWith('provisional_top_up_canister', undefined, { target: canister })
}
