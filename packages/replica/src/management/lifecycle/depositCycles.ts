import { argumentOf, namedCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { credit } from '../ledger.ts'
import { replyWith } from '../reply.ts'

/** Gives the attached cycles to any canister, whatever its state. @see Interface specification, "IC method `deposit_cycles`" */
export function depositCycles(call: ManagementCall): ManagementResult {
  const canister = namedCanister(call, argumentOf(call, 'deposit_cycles').canister_id)
  credit(call.subnet, canister, call.cycles)
  return replyWith('deposit_cycles', undefined, { target: canister, cyclesKept: call.cycles })
}
