/**
 * Runs the callback of a response: refunds first, then the callback, then cleanup when the callback failed.
 *
 * @see Interface specification, "Abstract behavior", "Callbacks".
 */
import { executionBaseFee, responseRefund } from '@tidemark/cycles'
import { type EntryKind, type ExecutionOutcome, executeMessage } from '@tidemark/execution'
import { type CallContext, type Callback, type CanisterState, type Response, type WasmClosure, callerOf } from '@tidemark/state'
import { managementCanisterId } from '@tidemark/types'
import { consume } from '../commit/charge.ts'
import { closeContext, commitExecution, touch } from '../commit/commitExecution.ts'
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
  const outcome = run(world, canister, context, response, replied ? 'reply_callback' : 'reject_callback', closure, limit)
  const cleanup = outcome.error === undefined ? undefined : callback.onCleanup
  const finished = {
    canister,
    context,
    instructionLimit: limits.messageInstructions,
    discardsState: false,
    methodName: callback.methodName,
  }
  if (cleanup === undefined) {
    commitExecution(world, {
      ...finished,
      outcome,
      kind: replied ? 'reply_callback' : 'reject_callback',
      prepaid: callback.prepaidExecution,
    })
    closeContext(world, canister, context, outcome)
    return outcome.instructionsUsed
  }
  return runCleanup(world, { ...finished, prepaid: callback.prepaidExecution }, response, outcome, cleanup, replied)
}

/** The callback's own failure costs what it used; cleanup runs on the state before it, with what is left of the limit. */
function runCleanup(
  world: World,
  finished: {
    canister: CanisterState
    context: CallContext
    instructionLimit: number
    discardsState: boolean
    methodName: string
    prepaid: bigint
  },
  response: Response,
  failure: ExecutionOutcome,
  closure: WasmClosure,
  replied: boolean,
): number {
  const { canister, context, instructionLimit } = finished
  const left = instructionLimit - failure.instructionsUsed
  commitExecution(world, {
    ...finished,
    outcome: failure,
    kind: replied ? 'reply_callback' : 'reject_callback',
    instructionLimit: failure.instructionsUsed,
    prepaid: 0n,
  })
  const cleanup = run(world, canister, context, response, 'cleanup', closure, left)
  const used = failure.instructionsUsed + cleanup.instructionsUsed
  commitExecution(world, { ...finished, outcome: { ...cleanup, instructionsUsed: used }, kind: 'cleanup' })
  closeContext(world, canister, context, withCleanupError(failure, cleanup))
  return used
}

/** A failed cleanup is told along with the failure that made it run. */
function withCleanupError(failure: ExecutionOutcome, cleanup: ExecutionOutcome): ExecutionOutcome {
  if (failure.error === undefined || cleanup.error === undefined) return failure
  const message = `${failure.error.message}\n\ncall_on_cleanup also failed:\n\n${cleanup.error.message}`
  return { ...failure, error: { ...failure.error, message } }
}

function run(
  world: World,
  canister: CanisterState,
  context: CallContext,
  response: Response,
  kind: Extract<EntryKind, 'reply_callback' | 'reject_callback' | 'cleanup'>,
  closure: WasmClosure,
  instructionLimit: number,
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
      contextInstructions: context.instructionsExecuted,
      version: canister.version,
    },
    { kind: 'closure', closure },
  )
}
