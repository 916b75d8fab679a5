/** Queries that are not replicated: executed on the present state, which they leave as it was. */
import { executeMessage, executionReject, shortenText, undoExecution } from '@tidemark/execution'
import type { CanisterState } from '@tidemark/state'
import { type QueryMessage, type QueryResult, createReject, managementCanisterId } from '@tidemark/types'
import { queryManagement } from '../management/index.ts'
import { countQuery } from '../round/queryStats.ts'
import type { World } from '../world.ts'
import { runCompositeQuery } from './compositeQuery.ts'
import { noResponse, queryEntry, refused, responseBytes } from './queryEntry.ts'

/** Answers a query. `dataCertificate` is asked for only when the canister reads it. */
export function runQuery(world: World, message: QueryMessage, dataCertificate: () => Uint8Array): QueryResult {
  if (message.canisterId.key === managementCanisterId.key) {
    return queryManagement(world.state, world.env, message.sender, message.methodName, message.arg).result
  }
  const canister = world.state.canister(message.canisterId)
  if (canister === undefined) return refused(createReject('CanisterNotFound', `Canister ${message.canisterId.toText()} not found`))
  const entry = queryEntry(world, canister, message.methodName)
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
  if (outcome.error !== undefined) return { result: refused(executionReject(canister, outcome.error, message.sender)), instructions }
  if (outcome.answer === undefined) {
    return { result: refused(noResponse(canister)), instructions }
  }
  const { answer } = outcome
  const result: QueryResult =
    answer.kind === 'reply'
      ? { status: 'replied', arg: answer.data }
      : refused(createReject('CanisterRejectedMessage', shortenText(answer.message)))
  return { result, instructions }
}
