/** Methods that answer to queries. @see Interface specification, "Request: Query call" */
import type { Principal as CandidPrincipal } from '@dfinity/principal'
import type { SubnetEnvironment } from '@tidemark/execution'
import type { CanisterState, SubnetState } from '@tidemark/state'
import { type Principal, type QueryResult, RejectError } from '@tidemark/types'
import { requireManager } from './access.ts'
import { decodeArgument, encodeReply, fromCandidPrincipal, optional } from './codec.ts'
import { canisterInfoRecord } from './information/canisterInfo.ts'
import { canisterStatusReply, requireStatusVisible } from './information/canisterStatus.ts'
import { logsInstructions, logsReply, requireLogsVisible } from './information/fetchCanisterLogs.ts'
import { listCanisters, listInstructions } from './information/listCanisters.ts'

/** An answer, and what it takes out of a tree of queries. */
export interface ManagementAnswer {
  readonly result: QueryResult
  /** 0 for a refusal. */
  readonly instructions: number
}

type Reply = readonly [bytes: Uint8Array, instructions: number]

/** Answers a query from the state as it is; nothing changes and no cycles are charged. */
export function queryManagement(
  subnet: SubnetState,
  env: SubnetEnvironment,
  caller: Principal,
  methodName: string,
  arg: Uint8Array,
): ManagementAnswer {
  try {
    const [reply, instructions] = answer(subnet, env, caller, methodName, arg)
    return { result: { status: 'replied', arg: reply }, instructions }
  } catch (thrown) {
    if (thrown instanceof RejectError) return { result: { status: 'rejected', reject: thrown.reject }, instructions: 0 }
    throw thrown
  }
}

function answer(subnet: SubnetState, env: SubnetEnvironment, caller: Principal, methodName: string, bytes: Uint8Array): Reply {
  switch (methodName) {
    case 'canister_status': {
      const canister = named(subnet, decodeArgument(methodName, bytes))
      requireStatusVisible(env, canister, caller)
      return [canisterStatusReply(canister, env), 0]
    }
    case 'canister_metrics': {
      const canister = named(subnet, decodeArgument(methodName, bytes))
      requireManager(env, canister, caller)
      return [encodeReply(methodName, { cycles_consumed: { ...canister.consumedCycles } }), 0]
    }
    case 'canister_info': {
      const arg = decodeArgument(methodName, bytes)
      return [encodeReply(methodName, canisterInfoRecord(named(subnet, arg), optional(arg.num_requested_changes))), 0]
    }
    case 'fetch_canister_logs': {
      const arg = decodeArgument(methodName, bytes)
      const canister = named(subnet, arg)
      requireLogsVisible(canister, caller)
      const logs = logsReply(canister, optional(arg.filter))
      return [encodeReply(methodName, logs), logsInstructions(logs)]
    }
    case 'list_canisters':
      return [encodeReply(methodName, listCanisters(subnet, env, caller, bytes)), listInstructions(subnet)]
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
