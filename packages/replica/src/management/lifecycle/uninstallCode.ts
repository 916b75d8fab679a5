import { Principal } from '@tidemark/types'
import { argumentOf, namedCanister, requireManager } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { addHistory } from '../history.ts'
import { replyWith } from '../reply.ts'
import { dropCode } from './uninstall.ts'

/** Can take the code of any canister away. */
const governanceCanister = Principal.canister(1n)

/** Makes a canister empty, whatever its status. @see Interface specification, "IC method `uninstall_code`" */
export function uninstallCode(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'uninstall_code')
  const canister = namedCanister(call, arg.canister_id)
  if (!call.caller.equals(governanceCanister)) requireManager(call.env, canister, call.caller)
  const answers = dropCode(canister)
  canister.version += 1n
  addHistory(call, canister, arg, { kind: 'code_uninstall' })
  return replyWith('uninstall_code', undefined, { target: canister, answers })
}
