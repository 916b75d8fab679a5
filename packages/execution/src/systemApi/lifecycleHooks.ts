/** System calls of the experimental hooks, imported from `lifecycle_hooks`; no part of the protocol. */
import { type Machine, type SystemCallGroup, systemCall } from './systemCall.ts'

/** `canister_output_queue_size`: calls that the canister has made, in this execution too, and whose callback has not run yet. */
export const lifecycleHookCalls: SystemCallGroup = {
  canister_output_queue_size: systemCall('*', ({ execution }: Machine) =>
    BigInt(execution.canister.callbacks.size + execution.calls.length),
  ),
}
