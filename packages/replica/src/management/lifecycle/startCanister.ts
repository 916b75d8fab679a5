import type { StopWaiter } from '@tidemark/state'
import { createReject } from '@tidemark/types'
import { argumentOf, managedCanister } from '../access.ts'
import type { Answer, ManagementCall, ManagementResult } from '../call.ts'
import { replyWith } from '../reply.ts'
import { answerToWaiter } from './stopping.ts'

/** Lets a canister run again; whoever waits for it to stop is told. @see Interface specification, "IC method `start_canister`" */
export function startCanister(call: ManagementCall): ManagementResult {
  const canister = managedCanister(call, argumentOf(call, 'start_canister').canister_id)
  const waiters = canister.status.kind === 'stopping' ? canister.status.waiters : []
  const answers = waiters.map((waiter) => cancelled(waiter, canister.id.toText()))
  canister.status = { kind: 'running' }
  canister.version += 1n
  return replyWith('start_canister', undefined, { target: canister, answers })
}

function cancelled(waiter: StopWaiter, id: string): Answer {
  const text = waiter.kind === 'ingress' ? `Canister ${id}'s stop request was cancelled.` : `Canister ${id}'s stop request cancelled`
  return answerToWaiter(waiter, { kind: 'reject', reject: createReject('CanisterStoppingCancelled', text) })
}
