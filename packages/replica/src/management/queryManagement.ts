/** Methods that answer to queries. @see Interface specification, "Request: Query call" */
import type { Principal as CandidPrincipal } from '@dfinity/principal'
import type { SubnetEnvironment } from '@tidemark/execution'
import type { CanisterState, SubnetState } from '@tidemark/state'
import { type Principal, type QueryResult, RejectError } from '@tidemark/types'
import { findCanister, requireController } from './access.ts'
import { decodeArgument, encodeReply, fromCandidPrincipal, optional } from './codec.ts'
import { canisterInfoRecord } from './information/canisterInfo.ts'
import { canisterStatusReply, requireStatusVisible } from './information/canisterStatus.ts'
import { logsReply, requireLogsVisible } from './information/fetchCanisterLogs.ts'
import { listCanisters } from './information/listCanisters.ts'

/** Answers a query from the state as it is; nothing changes and nothing is charged. */
export function queryManagement(
  subnet: SubnetState,
  env: SubnetEnvironment,
  caller: Principal,
  methodName: string,
  arg: Uint8Array,
): QueryResult {
  try {
    return { status: 'replied', arg: answer(subnet, env, caller, methodName, arg) }
  } catch (thrown) {
    if (thrown instanceof RejectError) return { status: 'rejected', reject: thrown.reject }
    throw thrown
  }
}

function answer(subnet: SubnetState, env: SubnetEnvironment, caller: Principal, methodName: string, bytes: Uint8Array): Uint8Array {
  switch (methodName) {
    case 'canister_status': {
      const canister = named(subnet, decodeArgument(methodName, bytes))
      requireStatusVisible(canister, caller)
      return canisterStatusReply(canister, env)
    }
    case 'canister_metrics': {
      const canister = named(subnet, decodeArgument(methodName, bytes))
      requireController(canister, caller)
      return encodeReply(methodName, { cycles_consumed: { ...canister.consumedCycles } })
    }
    case 'canister_info': {
      const arg = decodeArgument(methodName, bytes)
      return encodeReply(methodName, canisterInfoRecord(named(subnet, arg), optional(arg.num_requested_changes)))
    }
    case 'fetch_canister_logs': {
      const arg = decodeArgument(methodName, bytes)
      const canister = named(subnet, arg)
      requireLogsVisible(canister, caller)
      return encodeReply(methodName, logsReply(canister, optional(arg.filter)))
    }
    case 'list_canisters':
      return listCanisters()
    default:
      throw new RejectError('CanisterRejectedMessage', `Caller ${caller.toText()} is not allowed to query ic00 method ${methodName}`)
  }
}

function named(subnet: SubnetState, arg: { readonly canister_id: CandidPrincipal }): CanisterState {
  return findCanister(subnet, fromCandidPrincipal(arg.canister_id))
}
