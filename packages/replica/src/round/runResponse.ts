/**
 * Runs the callback of a response: refunds first, then the callback, then cleanup when the callback failed.
 *
 * @see Interface specification, "Abstract behavior", "Callbacks".
 */
import { executionBaseFee, responseRefund } from '@tidemark/cycles'
import { undoExecution } from '@tidemark/execution'
import type { CallContext, Callback, CanisterState, Response } from '@tidemark/state'
import { consume } from '../commit/charge.ts'
import { touch } from '../commit/commitExecution.ts'
import { type ExecutedMessage, settleMessage } from '../commit/settleMessage.ts'
import { dropContext } from '../hooks/openArguments.ts'
import type { World } from '../world.ts'
import { runCleanup, runClosure } from './runCleanup.ts'

const encoder = new TextEncoder()

/** Works off one response. @returns instructions used */
export function runResponse(world: World, canister: CanisterState, response: Response): number {
  const callback = canister.callbacks.get(response.callbackId)
  if (callback === undefined) return 0
  canister.callbacks.delete(callback.id)
  world.state.openCalls -= 1
  if (callback.deadlineNanos === 0n) world.state.guaranteedCalls -= 1
  refundTransmission(world, canister, callback, response)
  const context = canister.callContexts.get(callback.callContextId)
  if (context !== undefined) context.outstandingCalls -= 1
  if (context === undefined || context.deleted || canister.execution === undefined) return skip(world, canister, callback, context)
  return runCallback(world, canister, callback, context, response)
}

/** Cycles that come back, and what the response did not need of its prepaid transmission. */
function refundTransmission(world: World, canister: CanisterState, callback: Callback, response: Response): void {
  const bytes = response.payload.kind === 'reply' ? response.payload.data.length : encoder.encode(response.payload.reject.message).length
  const refund = responseRefund(world.pricing, { responseBytes: bytes })
  const back = refund < callback.prepaidTransmission ? refund : callback.prepaidTransmission
  canister.balance += response.refund + back
  consume(world, canister, 'request_and_response_transmission', callback.prepaidTransmission - back)
}

/** A response that nobody waits for any more pays the base fee and nothing else. */
function skip(world: World, canister: CanisterState, callback: Callback, context: CallContext | undefined): number {
  const fee = executionBaseFee(world.pricing)
  const kept = fee < callback.prepaidExecution ? fee : callback.prepaidExecution
  canister.balance += callback.prepaidExecution - kept
  consume(world, canister, 'instructions', kept)
  if (context !== undefined && context.outstandingCalls === 0) dropContext(canister, context)
  touch(world, canister)
  return 0
}

function runCallback(world: World, canister: CanisterState, callback: Callback, context: CallContext, response: Response): number {
  const { limits } = world.env
  const reserve = callback.onCleanup === undefined ? 0 : (limits.messageInstructions * limits.cleanupReservePercent) / 100
  const replied = response.payload.kind === 'reply'
  const closure = replied ? callback.onReply : callback.onReject
  const limit = limits.messageInstructions - reserve
  const kind = replied ? 'reply_callback' : 'reject_callback'
  const outcome = runClosure(world, canister, context, response, kind, closure, limit)
  const cleanup = callback.onCleanup === undefined ? undefined : { closure: callback.onCleanup, response }
  const executed: ExecutedMessage = {
    methodName: callback.methodName,
    startedNanos: world.state.timeNanos,
    steps: [{ outcome, kind, prepaid: callback.prepaidExecution, instructionLimit: limits.messageInstructions, discardsState: false }],
    closing: outcome,
    ...(cleanup === undefined ? {} : { cleanup }),
  }
  if (outcome.error === undefined || cleanup === undefined) return settleMessage(world, canister, context, executed)
  undoExecution(canister)
  return settleMessage(world, canister, context, runCleanup(world, canister, context, executed, cleanup))
}
