/**
 * Commit: the one place where the effects of an execution become state.
 *
 * It applies an outcome or rolls it back, settles the cycles, sends calls and answers, re-evaluates the hook and records
 * the trace event.
 */
import { type ExecutionOutcome, keepExecution, shortenText, undoExecution } from '@tidemark/execution'
import { type CallContext, type CanisterState, appendLogs, callerOf, memoryUsage, osPageBytes } from '@tidemark/state'
import type { TraceKind } from '@tidemark/trace'
import { type Reject, createReject, managementCanisterId } from '@tidemark/types'
import { evaluateLifecycleHooks } from '../hooks/evaluate.ts'
import { reportError } from '../hooks/onError.ts'
import { dropContext } from '../hooks/openArguments.ts'
import { noteHookRun } from '../hooks/runRecord.ts'
import type { World } from '../world.ts'
import { type AnswerTarget, answerTargetOf, deliverAnswer, failureReject } from './answers.ts'
import { consume, settleExecution } from './charge.ts'
import { evaluateHook } from './hookCondition.ts'
import { registerCalls } from './registerCalls.ts'
import type { ExecutedMessage } from './settleMessage.ts'

/** One execution of a message. */
export interface ExecutedStep {
  readonly outcome: ExecutionOutcome
  readonly kind: TraceKind
  /** Cycles prepaid for it, and the limit that they were paid for. */
  readonly prepaid: bigint
  readonly instructionLimit: number
  /** Keep nothing but accepted and burned cycles: a replicated query. */
  readonly discardsState: boolean
  /** Whether heap and stable memory were put back already. Default false. */
  readonly isUndone?: boolean
}

/** An execution about to be committed. */
export interface FinishedExecution extends ExecutedStep {
  readonly canister: CanisterState
  readonly context: CallContext
  readonly executed: ExecutedMessage
}

/** Applies the outcome of an execution, successful or not. Answering and closing the context comes after: `closeContext`. */
export function commitExecution(world: World, finished: FinishedExecution): void {
  const { canister, context, executed, outcome, prepaid, instructionLimit } = finished
  world.state.updateTransactions += 1
  const memoryBefore = world.trace === undefined ? 0 : memoryUsage(canister)
  context.instructionsExecuted += BigInt(outcome.instructionsUsed)
  const cost = settleExecution(world, canister, prepaid, instructionLimit, outcome.instructionsUsed)
  if (outcome.logs.length > 0) appendLogs(canister.log, executed.startedNanos, outcome, Number(canister.settings.logMemoryLimit))
  if (finished.isUndone !== true) {
    if (outcome.error === undefined && !finished.discardsState) {
      keepExecution(canister)
      countHeapDelta(world, canister, outcome.dirtyHeapPages + outcome.dirtyStablePages)
    } else undoExecution(canister)
  }
  if (outcome.error === undefined) applyEffects(world, finished)
  noteHookRun(canister, finished)
  evaluateHook(canister)
  if (canister.lifecycleHooks !== undefined && outcome.error !== undefined) {
    reportError(canister, canister.lifecycleHooks, finished, outcome.error)
  }
  touch(world, canister)
  if (world.trace !== undefined) recordTrace(world, finished, cost, memoryBefore)
}

/** Answers the call if it can be answered now, and closes the context when nothing more can happen in it. */
export function closeContext(world: World, canister: CanisterState, context: CallContext, outcome: ExecutionOutcome | undefined): void {
  const target = answerTargetOf(context.origin)
  if (!context.responded && target !== undefined) {
    const payload = answerOf(canister, context, target, outcome)
    if (payload !== undefined) {
      context.responded = true
      const refund = context.availableCycles
      context.availableCycles = 0n
      deliverAnswer(world, canister.id, target, payload, refund)
    } else if (context.origin.kind === 'ingress') markProcessing(world, context.origin.requestKey)
  } else if (target === undefined && outcome?.error === undefined && outcome?.answer !== undefined) {
    // Nobody waits for it; a second answer is one too many all the same.
    context.responded = true
  }
  const done = context.responded || target === undefined
  if (done && context.outstandingCalls === 0) dropContext(canister, context)
}

/** Tells everything that is derived from the state that this canister changed: lifecycle hooks that are due, and who has work. */
export function touch(world: World, canister: CanisterState): void {
  if (canister.lifecycleHooks !== undefined) evaluateLifecycleHooks(world, canister, canister.lifecycleHooks)
  world.activity.refresh(canister)
  world.dues.delete(canister)
  world.changes.canisters.add(canister.id.key)
}

/** Counts memory that changed, in 4 KiB pages, toward what a round, a canister and the subnet may change. */
export function countHeapDelta(world: World, canister: CanisterState, pages: number): void {
  if (pages === 0) return
  const bytes = pages * osPageBytes
  canister.heapDeltaDebit += bytes
  world.state.heapDeltaBytes += bytes
}

function applyEffects(world: World, { canister, context, outcome }: FinishedExecution): void {
  canister.balance += outcome.acceptedCycles + outcome.mintedCycles - outcome.burnedCycles - outcome.reservedCycles - outcome.spentCycles
  canister.reservedBalance += outcome.reservedCycles
  context.availableCycles -= outcome.acceptedCycles
  world.state.mintedCycles += outcome.mintedCycles
  consume(world, canister, 'burned_cycles', outcome.burnedCycles)
  if (outcome.certifiedData !== undefined) canister.certifiedData = outcome.certifiedData
  if (outcome.globalTimerNanos !== undefined) canister.globalTimerNanos = outcome.globalTimerNanos
  // Calls tell the version that the canister saw while it made them.
  registerCalls(world, canister, context, outcome.calls)
  canister.version += 1n
}

function answerOf(canister: CanisterState, context: CallContext, target: AnswerTarget, outcome: ExecutionOutcome | undefined) {
  const answer = outcome?.error === undefined ? outcome?.answer : undefined
  if (answer?.kind === 'reply') return { kind: 'reply', data: answer.data } as const
  if (answer?.kind === 'reject') return rejected(createReject('CanisterRejectedMessage', shortenText(answer.message)))
  if (context.outstandingCalls > 0) return undefined
  if (outcome?.error !== undefined)
    return rejected(failureReject(target, canister, outcome.error, callerOf(context.origin, managementCanisterId)))
  const text = context.origin.kind === 'ingress' ? `Canister ${canister.id.toText()} did not reply to the call` : 'No response'
  return rejected(createReject('CanisterDidNotReply', text))
}

function rejected(reject: Reject) {
  return { kind: 'reject', reject } as const
}

/** Tells that a call has begun and goes on. */
export function markProcessing(world: World, requestKey: string): void {
  const entry = world.state.ingressHistory.get(requestKey)
  if (entry === undefined || entry.status.status !== 'received') return
  world.state.ingressHistory.set(requestKey, { ...entry, status: { status: 'processing' } })
  world.changes.requests.add(requestKey)
}

const decoder = new TextDecoder()

function recordTrace(world: World, finished: FinishedExecution, cyclesCharged: bigint, memoryBefore: number): void {
  const { canister, outcome, kind } = finished
  const { methodName } = finished.executed
  world.trace?.record({
    round: world.state.round,
    timeNanos: world.state.timeNanos,
    canisterId: canister.id.toText(),
    kind,
    ...(methodName === undefined ? {} : { methodName }),
    instructions: BigInt(outcome.instructionsUsed),
    cyclesCharged,
    heapPagesDirtied: outcome.dirtyHeapPages,
    memoryBefore: BigInt(memoryBefore),
    memoryAfter: BigInt(memoryUsage(canister)),
    outcome: outcome.error === undefined ? 'returned' : 'trapped',
    ...(outcome.error === undefined ? {} : { error: outcome.error.message }),
    logs: outcome.logs.map((content) => decoder.decode(content)),
  })
}
