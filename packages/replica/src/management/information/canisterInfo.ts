import type { managementTypes } from '@tidemark/bindings'
import type { CanisterChange, CanisterState, ChangeDetails, ChangeOrigin } from '@tidemark/state'
import { argumentOf, namedCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { optional, toCandidPrincipal, toOptional } from '../codec.ts'
import { replyWith } from '../reply.ts'

/** History, module hash and controllers, for everybody. @see Interface specification, "IC method `canister_info`" */
export function canisterInfo(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'canister_info')
  const canister = namedCanister(call, arg.canister_id)
  return replyWith('canister_info', canisterInfoRecord(canister, optional(arg.num_requested_changes)), { target: canister })
}

/** The newest changes, at most as many as requested, the oldest of them first. */
export function canisterInfoRecord(canister: CanisterState, requested = 0n): managementTypes.CanisterInfoResult {
  const { changes, total } = canister.history
  const count = requested < BigInt(changes.length) ? Number(requested) : changes.length
  return {
    total_num_changes: total,
    recent_changes: changes.slice(changes.length - count).map(changeRecord),
    module_hash: toOptional(canister.execution?.module.hash),
    controllers: canister.settings.controllers.map(toCandidPrincipal),
  }
}

function changeRecord(change: CanisterChange): managementTypes.Change {
  return {
    timestamp_nanos: change.timestampNanos,
    canister_version: change.canisterVersion,
    origin: originVariant(change.origin),
    details: detailsVariant(change.details),
  }
}

function originVariant(origin: ChangeOrigin): managementTypes.ChangeOrigin {
  return origin.kind === 'from_user'
    ? { from_user: { user_id: toCandidPrincipal(origin.userId) } }
    : { from_canister: { canister_id: toCandidPrincipal(origin.canisterId), canister_version: toOptional(origin.canisterVersion) } }
}

function detailsVariant(details: ChangeDetails): managementTypes.ChangeDetails {
  switch (details.kind) {
    case 'creation':
      return {
        creation: {
          controllers: details.controllers.map(toCandidPrincipal),
          environment_variables_hash: toOptional(details.environmentVariablesHash),
        },
      }
    case 'code_uninstall':
      return { code_uninstall: null }
    case 'code_deployment':
      return { code_deployment: { mode: modeVariant(details.mode), module_hash: details.moduleHash } }
    case 'load_snapshot':
      return {
        load_snapshot: {
          from_canister_id: toOptional(details.fromCanisterId && toCandidPrincipal(details.fromCanisterId)),
          snapshot_id: details.snapshotId,
          canister_version: details.canisterVersion,
          taken_at_timestamp: details.takenAtTimestampNanos,
          source: sourceVariant(details.source),
        },
      }
    case 'controllers_change':
      return { controllers_change: { controllers: details.controllers.map(toCandidPrincipal) } }
  }
}

function modeVariant(mode: 'install' | 'reinstall' | 'upgrade'): managementTypes.DeploymentMode {
  switch (mode) {
    case 'install':
      return { install: null }
    case 'reinstall':
      return { reinstall: null }
    case 'upgrade':
      return { upgrade: null }
  }
}

export function sourceVariant(source: 'taken_from_canister' | 'metadata_upload'): managementTypes.SnapshotSource {
  return source === 'taken_from_canister' ? { taken_from_canister: null } : { metadata_upload: null }
}
