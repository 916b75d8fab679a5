/** What all queries have in common: which function answers, and what an answer looks like. */
import { executionReject } from '@tidemark/execution'
import type { CanisterState } from '@tidemark/state'
import { type QueryResult, type Reject, createReject } from '@tidemark/types'
import { freezingLimit } from '../commit/charge.ts'
import type { World } from '../world.ts'

const encoder = new TextEncoder()

/**
 * The exported function that answers a query, or why none can: stopped, no code, no such method, frozen, stopping, in the
 * order of the reference.
 */
export function queryEntry(
  world: World,
  canister: CanisterState,
  methodName: string,
): { readonly kind: 'query' | 'composite_query'; readonly name: string } | Reject {
  const id = canister.id.toText()
  if (canister.status.kind === 'stopped') {
    return createReject('CanisterStopped', `Canister ${id} is stopped and therefore does not have a CallContextManager`)
  }
  const functions = canister.execution?.module.exportedFunctions
  if (functions === undefined) {
    const text = 'Attempted to execute a message, but the canister contains no Wasm module.'
    return executionReject(canister, { errorCode: 'CanisterWasmModuleNotFound', message: text })
  }
  const kind = (['query', 'composite_query'] as const).find((candidate) => functions.has(`canister_${candidate} ${methodName}`))
  if (kind === undefined) {
    return executionReject(canister, { errorCode: 'CanisterMethodNotFound', message: `Canister has no query method '${methodName}'.` })
  }
  if (canister.balance < freezingLimit(world, canister)) {
    const text = `Canister ${id} is unable to process query calls because it's frozen. Please top up the canister with cycles and try again.`
    return createReject('CanisterOutOfCycles', text)
  }
  if (canister.status.kind === 'stopping') return createReject('CanisterStopping', `Canister ${id} is not running`)
  return { kind, name: `canister_${kind} ${methodName}` }
}

/** The reject of a query that ended without an answer. */
export function noResponse(canister: CanisterState): Reject {
  return createReject('CanisterDidNotReply', `Canister ${canister.id.toText()} did not produce a response`)
}

/** The result of a query that is rejected. */
export function refused(reject: Reject): QueryResult {
  return { status: 'rejected', reject }
}

/** Bytes of the reply, or of the reject's text: what query statistics count. */
export function responseBytes(result: QueryResult): number {
  return result.status === 'replied' ? result.arg.length : encoder.encode(result.reject.message).length
}
