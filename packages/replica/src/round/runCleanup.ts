/** Runs the closures of a call: what was given for its reply, its reject and the cleanup. */
import { type EntryKind, type ExecutionOutcome, executeMessage } from '@tidemark/execution'
import { type CallContext, type CanisterState, type Response, type WasmClosure, callerOf } from '@tidemark/state'
import { managementCanisterId } from '@tidemark/types'
import type { ExecutedStep } from '../commit/commitExecution.ts'
import type { Cleanup, ExecutedMessage } from '../commit/settleMessage.ts'
import type { World } from '../world.ts'

/**
 * Runs the cleanup of a callback that failed, on the state before the callback and with what is left of its limit; both are
 * paid for together.
 *
 * @returns the two steps; the caller of the call is told of the failure
 */
export function runCleanup(
  world: World,
  canister: CanisterState,
  context: CallContext,
  failed: ExecutedMessage,
  { closure, response }: Cleanup,
): ExecutedMessage {
  const [callback] = failed.steps
  if (callback === undefined) return failed
  const used = callback.outcome.instructionsUsed
  const left = world.env.limits.messageInstructions - used
  const outcome = runClosure(world, canister, context, response, 'cleanup', closure, left, used)
  const undone: ExecutedStep = { ...callback, prepaid: 0n, instructionLimit: used, isUndone: true }
  const cleaned: ExecutedStep = { ...callback, outcome, kind: 'cleanup', instructionLimit: left }
  return { ...failed, steps: [undone, cleaned], closing: withCleanupError(failed.closing, outcome) }
}

/** A failed cleanup is told along with the failure that made it run. */
function withCleanupError(failure: ExecutionOutcome, cleanup: ExecutionOutcome): ExecutionOutcome {
  if (failure.error === undefined || cleanup.error === undefined) return failure
  return { ...failure, error: { ...failure.error, cleanupError: cleanup.error } }
}

/** Runs one of them. */
export function runClosure(
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
