/** What all queries have in common: which function answers, and what an answer looks like. */
import { executionReject } from '@tidemark/execution'
import type { CanisterState } from '@tidemark/state'
import { type QueryMessage, type QueryResult, type Reject, createReject } from '@tidemark/types'
import { freezingLimit, outOfCycles } from '../commit/charge.ts'
import type { World } from '../world.ts'

const encoder = new TextEncoder()

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
    const text = 'Attempted to execute a message, but the canister contains no Wasm module.'
    return executionReject(canister, { errorCode: 'CanisterWasmModuleNotFound', message: text })
  }
  const missing = freezingLimit(world, canister) - canister.balance
  if (missing > 0n) return outOfCycles(canister, missing, message.sender)
  for (const kind of ['query', 'composite_query'] as const) {
    const name = `canister_${kind} ${message.methodName}`
    if (functions.has(name)) return { kind, name }
  }
  return executionReject(canister, {
    errorCode: 'CanisterMethodNotFound',
    message: `Canister has no query method '${message.methodName}'.`,
  })
}

/** The result of a query that is rejected. */
export function refused(reject: Reject): QueryResult {
  return { status: 'rejected', reject }
}

/** Bytes of the reply, or of the reject's text: what query statistics count. */
export function responseBytes(result: QueryResult): number {
  return result.status === 'replied' ? result.arg.length : encoder.encode(result.reject.message).length
}
