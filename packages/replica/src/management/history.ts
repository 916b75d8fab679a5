/** Records of who changed a canister. @see Interface specification, "Canister history" */
import { type CanisterState, type ChangeDetails, recordChange } from '@tidemark/state'
import type { ManagementCall } from './call.ts'

/** Appends a change made by a call, with the version that the canister has now. */
export function addHistory(
  call: ManagementCall,
  canister: CanisterState,
  arg: { readonly sender_canister_version: [] | [bigint] },
  details: ChangeDetails,
): void {
  const [canisterVersion] = arg.sender_canister_version
  recordChange(canister.history, {
    timestampNanos: call.env.timeNanos,
    canisterVersion: canister.version,
    origin:
      call.origin.kind === 'ingress'
        ? { kind: 'from_user', userId: call.caller }
        : { kind: 'from_canister', canisterId: call.caller, canisterVersion },
    details,
  })
}
