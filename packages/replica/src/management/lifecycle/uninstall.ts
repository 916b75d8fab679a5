/** How a canister loses its code. @see Interface specification, "IC method `uninstall_code`" */
import { type CallContext, type CanisterState, PagedMemory, purgeLog, type SubnetState } from '@tidemark/state'
import { createReject, type Principal } from '@tidemark/types'
import type { Answer } from '../call.ts'

/**
 * Takes code, memory, chunks and logs away and gives up all open calls.
 *
 * @returns the rejects to send to their callers
 */
export function dropCode(canister: CanisterState): Answer[] {
  canister.execution = undefined
  canister.stableMemory = new PagedMemory()
  canister.certifiedData = new Uint8Array(0)
  canister.chunkStore = new Map()
  canister.globalTimerNanos = 0n
  purgeLog(canister.log)
  const answers = [...canister.callContexts.values()].flatMap((context) => abandon(context, canister.id))
  // A context stays until the responses to its own calls are in: they keep the canister from being stopped.
  for (const [id, context] of canister.callContexts) if (context.outstandingCalls === 0) canister.callContexts.delete(id)
  return answers
}

/**
 * What happens to a canister that cannot pay for its resources: id, controllers and settings remain, but for the
 * allocations. The history is emptied without a record of it.
 *
 * @returns the rejects to send to the callers of its open calls
 */
export function uninstallOutOfCycles(subnet: SubnetState, canister: CanisterState): Answer[] {
  const answers = dropCode(canister)
  const left = canister.balance + canister.reservedBalance
  subnet.burnedCycles += left
  canister.consumedCycles.uninstall += left
  canister.balance = 0n
  canister.reservedBalance = 0n
  canister.snapshots = []
  canister.history.changes = []
  // Without cycles nothing is kept for a log either.
  canister.settings = { ...canister.settings, computeAllocation: 0n, memoryAllocation: 0n, logMemoryLimit: 0n }
  canister.log.storeBytes = 0
  canister.version += 1n
  return answers
}

function abandon(context: CallContext, canister: Principal): Answer[] {
  const refund = context.availableCycles
  const unanswered = !context.responded
  context.deleted = true
  context.responded = true
  context.availableCycles = 0n
  if (!unanswered) return []
  const payload = { kind: 'reject', reject: createReject('CanisterRejectedMessage', 'Canister has been uninstalled.') } as const
  const { origin } = context
  if (origin.kind === 'ingress') return [{ to: { kind: 'ingress', requestKey: origin.requestKey }, payload, refund }]
  if (origin.kind !== 'canister') return []
  const { caller, callbackId, deadlineNanos } = origin
  return [{ to: { kind: 'canister', caller, callbackId, deadlineNanos, respondent: canister }, payload, refund }]
}
