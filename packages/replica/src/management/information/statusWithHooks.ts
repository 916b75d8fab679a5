/** What `canister_status` tells besides the protocol's fields where experimental hooks are on. Readers of today pass it over. */
import { IDL } from '@dfinity/candid'
import { experimentalManagementTypes, managementTypes } from '@tidemark/bindings'
import type { CanisterState } from '@tidemark/state'
import { type HookState, hookStatesOf } from '../../hooks/hookStates.ts'
import { toOptional } from '../codec.ts'
import { hookSettingsRecord } from '../settings/hookSettings.ts'

const { CanisterStatusResult, DefiniteCanisterSettings } = managementTypes

const type = IDL.Record({
  ...Object.fromEntries(CanisterStatusResult._fields),
  settings: IDL.Record(Object.fromEntries([...DefiniteCanisterSettings._fields, ...experimentalManagementTypes.HookSettings._fields])),
  lifecycle_hooks: IDL.Opt(experimentalManagementTypes.HooksStatus),
})

/** A status as clients decode it, in Candid, with the hook settings and the state of each hook. */
export function statusWithHooks(canister: CanisterState, status: managementTypes.CanisterStatusResult): Uint8Array {
  const hooks: experimentalManagementTypes.HooksStatus = {
    hooks: hookStatesOf(canister).map(hookRecord),
    experimental_imports: [...(canister.execution?.module.experimentalImports ?? [])],
  }
  const settings = { ...status.settings, ...hookSettingsRecord(canister.settings) }
  return IDL.encode([type], [{ ...status, settings, lifecycle_hooks: [hooks] }])
}

function hookRecord({ name, state, reason, number, pending, runs, dropped }: HookState): experimentalManagementTypes.HookStatus {
  return {
    name,
    state: runStates[state],
    reason: toOptional(reason),
    number: toOptional(number),
    pending: BigInt(pending),
    runs,
    dropped,
  }
}

const runStates: Record<HookState['state'], experimentalManagementTypes.HookRunState> = {
  idle: { idle: null },
  pending: { pending: null },
  ran: { ran: null },
  trapped: { trapped: null },
  skipped: { skipped: null },
}
