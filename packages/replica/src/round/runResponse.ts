/**
 * Runs the callback of a response: refunds first, then the callback, then cleanup when the callback failed.
 *
 * @see Interface specification, "Abstract behavior", "Callbacks".
 */
import { executionBaseFee, responseRefund } from '@tidemark/cycles'
import { type EntryKind, type ExecutionOutcome, executeMessage, undoExecution } from '@tidemark/execution'
import { type CallContext, type Callback, type CanisterState, type Response, type WasmClosure, callerOf } from '@tidemark/state'
import { managementCanisterId } from '@tidemark/types'
import { consume } from '../commit/charge.ts'
import { touch } from '../commit/commitExecution.ts'
import { settleMessage } from '../commit/settleMessage.ts'
import { dropContext } from '../hooks/openArguments.ts'
import type { World } from '../world.ts'

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
  const outcome = run(world, canister, context, response, kind, closure, limit)
  const message = { methodName: callback.methodName, startedNanos: world.state.timeNanos }
  const step = { instructionLimit: limits.messageInstructions, discardsState: false }
  const prepaid = callback.prepaidExecution
  if (outcome.error === undefined || callback.onCleanup === undefined) {
    return settleMessage(world, canister, context, { ...message, steps: [{ ...step, outcome, kind, prepaid }], closing: outcome })
  }
  // Cleanup runs on the state before the callback, with what is left of the limit; both are paid for together.
  undoExecution(canister)
  const left = limits.messageInstructions - outcome.instructionsUsed
  const cleanup = run(world, canister, context, response, 'cleanup', callback.onCleanup, left, outcome.instructionsUsed)
  const failed = { ...step, outcome, kind, prepaid: 0n, instructionLimit: outcome.instructionsUsed, isUndone: true } as const
  const cleaned = { ...step, outcome: cleanup, kind: 'cleanup', prepaid, instructionLimit: left } as const
  return settleMessage(world, canister, context, { ...message, steps: [failed, cleaned], closing: withCleanupError(outcome, cleanup) })
}

/** A failed cleanup is told along with the failure that made it run. */
function withCleanupError(failure: ExecutionOutcome, cleanup: ExecutionOutcome): ExecutionOutcome {
  if (failure.error === undefined || cleanup.error === undefined) return failure
  return { ...failure, error: { ...failure.error, cleanupError: cleanup.error } }
}

function run(
  world: World,
  canister: CanisterState,
  context: CallContext,
  response: Response,
  kind: Extract<EntryKind, 'reply_callback' | 'reject_callback' | 'cleanup'>,
  closure: WasmClosure,
  instructionLimit: number,
  instructionsBefore = 0,
): ExecutionOutcome {
  const { payload } = response
  const { origin } = context
  return executeMessage(
    canister,
    world.env,
    {
      kind,
      caller: callerOf(origin, managementCanisterId),
      arg: payload.kind === 'reply' ? payload.data : new Uint8Array(0),
      ...(payload.kind === 'reject' ? { reject: payload.reject } : {}),
      senderInfo: origin.kind === 'ingress' ? origin.senderInfo : undefined,
      availableCycles: context.availableCycles,
      refundedCycles: response.refund,
      deadlineNanos: origin.kind === 'canister' ? origin.deadlineNanos : 0n,
      canRespond: !context.responded && origin.kind !== 'system_task',
      instructionLimit,
      contextInstructions: context.instructionsExecuted + BigInt(instructionsBefore),
      version: canister.version,
    },
    { kind: 'closure', closure },
  )
}
