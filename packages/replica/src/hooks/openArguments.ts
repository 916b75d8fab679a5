/** Arguments of calls that a canister has not finished, so that `canister_on_error` can be told them when a callback fails. */
import type { CallContext, CanisterState } from '@tidemark/state'
import { hasHook } from './queue.ts'

/** Calls whose arguments are kept for one canister, and bytes of them together. */
const bound = { calls: 1000, bytes: 4_194_304 }

/** Keeps the argument of a call that is still open after its first execution; beyond the bound it is left out. */
export function keepArgument(canister: CanisterState, context: CallContext, arg: Uint8Array): void {
  const open = canister.lifecycleHooks?.openArguments
  if (open === undefined || arg.length === 0 || !canister.callContexts.has(context.id) || !hasHook(canister, 'canister_on_error')) return
  let bytes = arg.length
  for (const kept of open.values()) bytes += kept.length
  if (open.size < bound.calls && bytes <= bound.bytes) open.set(context.id, arg)
}

/** Ends a call context for good. */
export function dropContext(canister: CanisterState, context: CallContext): void {
  canister.callContexts.delete(context.id)
  canister.lifecycleHooks?.openArguments.delete(context.id)
}
