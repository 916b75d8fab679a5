/** Queries that are not replicated: executed on the present state, which they leave as it was. */
import { executeMessage, executionReject, shortenText, undoExecution } from '@tidemark/execution'
import type { CanisterState } from '@tidemark/state'
import { type QueryMessage, type QueryResult, type Reject, createReject, managementCanisterId } from '@tidemark/types'
import { freezingLimit, outOfCycles } from '../commit/charge.ts'
import { queryManagement } from '../management/index.ts'
import { countQuery } from '../round/queryStats.ts'
import type { World } from '../world.ts'
import { runCompositeQuery } from './compositeQuery.ts'

const encoder = new TextEncoder()

/** Answers a query. `dataCertificate` is asked for only when the canister reads it. */
export function runQuery(world: World, message: QueryMessage, dataCertificate: () => Uint8Array): QueryResult {
  if (message.canisterId.key === managementCanisterId.key) {
    return queryManagement(world.state, world.env, message.sender, message.methodName, message.arg)
  }
  const canister = world.state.canister(message.canisterId)
  if (canister === undefined) return refused(createReject('CanisterNotFound', `Canister ${message.canisterId.toText()} not found`))
  const entry = queryEntry(world, canister, message)
  if ('errorCode' in entry) return refused(entry)
  const { result, instructions } =
    entry.kind === 'composite_query'
      ? runCompositeQuery(world, canister, message, dataCertificate)
      : runPlainQuery(world, canister, message, entry.name, dataCertificate)
  countQuery(world, canister.id.key, instructions, message.arg.length, responseBytes(result))
  return result
}

function runPlainQuery(world: World, canister: CanisterState, message: QueryMessage, name: string, dataCertificate: () => Uint8Array) {
  const outcome = executeMessage(
    canister,
    world.env,
    {
      kind: 'query',
      caller: message.sender,
      arg: message.arg,
      methodName: message.methodName,
      senderInfo: message.senderInfo,
      canRespond: true,
      instructionLimit: world.env.limits.queryInstructions,
      dataCertificate,
      version: canister.version,
    },
    { kind: 'export', name },
  )
  undoExecution(canister)
  const instructions = outcome.instructionsUsed
  if (outcome.error !== undefined) return { result: refused(executionReject(canister.id, outcome.error)), instructions }
  if (outcome.answer === undefined) {
    return { result: refused(createReject('CanisterDidNotReply', `Canister ${canister.id.toText()} did not reply to the call`)), instructions }
  }
  const { answer } = outcome
  const result: QueryResult =
    answer.kind === 'reply' ? { status: 'replied', arg: answer.data } : refused(createReject('CanisterRejectedMessage', shortenText(answer.message)))
  return { result, instructions }
}

/** The exported function that answers a query, or why none can. */
export function queryEntry(
  world: World,
  canister: CanisterState,
  message: Pick<QueryMessage, 'methodName' | 'sender'>,
): { readonly kind: 'query' | 'composite_query'; readonly name: string } | Reject {
  const id = canister.id.toText()
  if (canister.status.kind === 'stopping') return createReject('CanisterStopping', `Canister ${id} is stopping`)
  if (canister.status.kind === 'stopped') return createReject('CanisterStopped', `Canister ${id} is stopped`)
  const functions = canister.execution?.module.exportedFunctions
  if (functions === undefined) {
    const message = 'Attempted to execute a message, but the canister contains no Wasm module.'
    return executionReject(canister.id, { errorCode: 'CanisterWasmModuleNotFound', message })
  }
  const missing = freezingLimit(world, canister) - canister.balance
  if (missing > 0n) return outOfCycles(canister, missing, message.sender)
  for (const kind of ['query', 'composite_query'] as const) {
    const name = `canister_${kind} ${message.methodName}`
    if (functions.has(name)) return { kind, name }
  }
  return executionReject(canister.id, { errorCode: 'CanisterMethodNotFound', message: `Canister has no query method '${message.methodName}'.` })
}

export function refused(reject: Reject): QueryResult {
  return { status: 'rejected', reject }
}

export function responseBytes(result: QueryResult): number {
  return result.status === 'replied' ? result.arg.length : encoder.encode(result.reject.message).length
}
