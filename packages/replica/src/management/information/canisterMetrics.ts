import { argumentOf, managedCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { replyWith } from '../reply.ts'

/** What a canister has spent its cycles on. @see Interface specification, "IC method `canister_metrics`" */
export function canisterMetrics(call: ManagementCall): ManagementResult {
  const canister = managedCanister(call, argumentOf(call, 'canister_metrics').canister_id)
  return replyWith('canister_metrics', { cycles_consumed: { ...canister.consumedCycles } }, { target: canister })
}
