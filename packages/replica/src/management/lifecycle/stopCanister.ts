import type { StopWaiter } from '@tidemark/state'
import { argumentOf, managedCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { replyWith } from '../reply.ts'

/**
 * Stops a canister. The answer comes once its last call is finished, or when the wait has lasted too long.
 *
 * @see Interface specification, "IC method `stop_canister`"
 */
export function stopCanister(call: ManagementCall): ManagementResult {
  const canister = managedCanister(call, argumentOf(call, 'stop_canister').canister_id)
  canister.version += 1n
  if (canister.status.kind === 'stopped') return replyWith('stop_canister', undefined, { target: canister })
  const waiters = canister.status.kind === 'stopping' ? canister.status.waiters : []
  canister.status = { kind: 'stopping', waiters: [...waiters, waiterOf(call)] }
  return { kind: 'deferred', target: canister.id }
}

function waiterOf({ origin, cycles, env }: ManagementCall): StopWaiter {
  if (origin.kind === 'ingress') return { kind: 'ingress', requestKey: origin.requestKey, sinceNanos: env.timeNanos }
  const { sender, receiver, callbackId, deadlineNanos } = origin.request
  return { kind: 'canister', caller: sender, receiver, callbackId, cycles, deadlineNanos, sinceNanos: env.timeNanos }
}
