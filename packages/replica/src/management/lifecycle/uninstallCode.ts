import { argumentOf, controlledCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { addHistory } from '../history.ts'
import { replyWith } from '../reply.ts'
import { dropCode } from './uninstall.ts'

/** Makes a canister empty, whatever its status. @see Interface specification, "IC method `uninstall_code`" */
export function uninstallCode(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'uninstall_code')
  const canister = controlledCanister(call, arg.canister_id)
  const answers = dropCode(canister)
  canister.version += 1n
  addHistory(call, canister, arg, { kind: 'code_uninstall' })
  return replyWith('uninstall_code', undefined, { target: canister, answers })
}
