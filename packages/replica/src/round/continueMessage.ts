/** Goes on with a long execution, slice by slice, until its effects become state or it fails for want of cycles. */
import { type ExecutionOutcome, reinstateState } from '@tidemark/execution'
import { type CallContext, type CanisterState, type LongExecution, callerOf } from '@tidemark/state'
import { InvariantError, managementCanisterId } from '@tidemark/types'
import { freezingLimit, outOfCycles } from '../commit/charge.ts'
import { type ExecutedMessage, HeldMessage, commitMessage, payIngressDebit, settleMessage } from '../commit/settleMessage.ts'
import type { World } from '../world.ts'
import { runCleanup } from './runCleanup.ts'

/** Goes on with a long execution for a slice; after the last one its effects are state. @returns instructions of the slice */
export function continueMessage(world: World, canister: CanisterState, long: LongExecution): number {
  const slice = world.env.limits.sliceInstructions
  const slicesDone = long.slicesDone + 1
  canister.longExecution = { ...long, slicesDone }
  if (slicesDone < long.slices) return slice
  canister.longExecution = undefined
  const { result } = long
  const context = result instanceof HeldMessage ? canister.callContexts.get(result.contextId) : undefined
  if (!(result instanceof HeldMessage) || context === undefined) throw new InvariantError('a long execution without a call context')
  payIngressDebit(world, canister, long)
  const executed = affordable(world, canister, context, result.executed, long)
  const used = Math.max(1, Math.min(slice, long.instructions - (slicesDone - 1) * slice))
  if (executed !== result.executed && executed.cleanup !== undefined) {
    const cleaned = runCleanup(world, canister, context, executed, executed.cleanup)
    return used + settleMessage(world, canister, context, cleaned, long.instructions)
  }
  const kept = executed === result.executed ? result.captured : undefined
  if (kept !== undefined) reinstateState(canister, kept)
  const steps = kept === undefined ? executed.steps.map((step) => ({ ...step, isUndone: true })) : executed.steps
  commitMessage(world, canister, context, { ...executed, steps })
  return used
}

/** Fees that were paid meanwhile may have taken what the execution counted on: then it fails at its end. */
function affordable(
  world: World,
  canister: CanisterState,
  context: CallContext,
  executed: ExecutedMessage,
  { ingressDebitCycles }: LongExecution,
): ExecutedMessage {
  const last = executed.steps.at(-1)
  if (ingressDebitCycles === 0n || last === undefined || last.outcome.error !== undefined) return executed
  const { outcome, kind } = last
  const taken = outcome.spentCycles + outcome.burnedCycles + outcome.reservedCycles - outcome.acceptedCycles - outcome.mintedCycles
  const isCallback = kind === 'reply_callback' || kind === 'reject_callback'
  const missing = (taken > 0n ? taken : 0n) + freezingLimit(world, canister) - canister.balance
  // What answers a call may go down to nothing.
  if (kind === 'cleanup' || (isCallback ? taken <= canister.balance : missing <= 0n)) return executed
  const { message } = outOfCycles(canister, missing, callerOf(context.origin, managementCanisterId))
  const error = isCallback
    ? ({ errorCode: 'CanisterContractViolation', message, advice: 'none' } as const)
    : ({ errorCode: 'CanisterOutOfCycles', message } as const)
  const failed: ExecutionOutcome = { ...outcome, error }
  return { ...executed, steps: [...executed.steps.slice(0, -1), { ...last, outcome: failed }], closing: failed }
}
