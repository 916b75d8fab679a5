/** Methods that answer to queries. @see Interface specification, "Request: Query call" */
import type { Principal as CandidPrincipal } from '@dfinity/principal'
import type { SubnetEnvironment } from '@tidemark/execution'
import type { CanisterState, SubnetState } from '@tidemark/state'
import { type Principal, type QueryResult, RejectError } from '@tidemark/types'
import { requireManager } from './access.ts'
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
      requireStatusVisible(env, canister, caller)
      return canisterStatusReply(canister, env)
    }
    case 'canister_metrics': {
      const canister = named(subnet, decodeArgument(methodName, bytes))
      requireManager(env, canister, caller)
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
      return encodeReply(methodName, listCanisters(subnet, env, caller, bytes))
    default:
      throw new RejectError('CanisterMethodNotFound', `Query method ${methodName} not found.`)
  }
}

function named(subnet: SubnetState, arg: { readonly canister_id: CandidPrincipal }): CanisterState {
  const id = fromCandidPrincipal(arg.canister_id)
  const canister = subnet.canister(id)
  if (canister === undefined) throw new RejectError('CanisterNotFound', `Canister ${id.toText()} not found`)
  return canister
}
