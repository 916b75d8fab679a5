/** Starts an update or replicated query that waits in a canister's queue. */
import { type EntryKind, executeMessage, executionReject, instructionLimitOf } from '@tidemark/execution'
import type { CallContext, CallOrigin, CanisterState, QueuedIngress, Request } from '@tidemark/state'
import { type Reject, createReject } from '@tidemark/types'
import { type AnswerTarget, deliverAnswer, rejectFor } from '../commit/answers.ts'
import { prepay, settleExecution } from '../commit/charge.ts'
import { touch } from '../commit/commitExecution.ts'
import { settleMessage } from '../commit/settleMessage.ts'
import type { World } from '../world.ts'

/** Runs one ingress message or request. @returns instructions used of this round */
export function runInput(world: World, canister: CanisterState, message: QueuedIngress | Request): number {
  const caller = message.sender
  const origin = originOf(message)
  const cycles = message.kind === 'request' ? message.cycles : 0n
  const refuse = (reject: Reject): number => {
    deliverAnswer(world, canister.id, origin, { kind: 'reject', reject: rejectFor(origin, reject) }, cycles)
    touch(world, canister)
    return 0
  }
  const poor = tooFewCycles(canister, message)
  if (poor !== undefined) return refuse(poor)
  const entry = methodEntry(canister, message.methodName)
  const limit = instructionLimitOf(world.env.limits, kindOf(entry))
  const prepaid = prepay(world, canister, limit, caller)
  if (typeof prepaid !== 'bigint') return refuse(prepaid)
  const stopped = notRunning(canister)
  if (stopped !== undefined || 'errorCode' in entry) {
    // That it was stopped, or has no such method, is found out by an execution, which costs its base fee.
    settleExecution(world, canister, prepaid, limit, 0)
    if (stopped !== undefined) return refuse(stopped)
  }
  if ('errorCode' in entry) return refuse(executionReject(canister, entry))

  const context = openContext(world, canister, origin, message.methodName, cycles)
  const outcome = executeMessage(
    canister,
    world.env,
    {
      kind: entry.kind,
      caller,
      arg: message.arg,
      methodName: message.methodName,
      senderInfo: message.kind === 'ingress' ? message.senderInfo : undefined,
      availableCycles: cycles,
      deadlineNanos: message.kind === 'request' ? message.deadlineNanos : 0n,
      canRespond: true,
      instructionLimit: limit,
      version: canister.version,
    },
    { kind: 'export', name: entry.name },
  )
  return settleMessage(world, canister, context, {
    methodName: message.methodName,
    arg: message.arg,
    startedNanos: world.state.timeNanos,
    steps: [{ outcome, kind: entry.kind, prepaid, instructionLimit: limit, discardsState: entry.kind === 'replicated_query' }],
    closing: outcome,
  })
}

/** A fresh call context of a canister. */
export function openContext(world: World, canister: CanisterState, origin: CallOrigin, methodName: string, cycles: bigint): CallContext {
  const context: CallContext = {
    id: canister.nextCallContextId++,
    origin,
    methodName,
    responded: false,
    deleted: false,
    availableCycles: cycles,
    instructionsExecuted: 0n,
    outstandingCalls: 0,
    startTimeNanos: world.state.timeNanos,
  }
  canister.callContexts.set(context.id, context)
  return context
}

function originOf(message: QueuedIngress | Request): Extract<CallOrigin, AnswerTarget> {
  return message.kind === 'ingress'
    ? { kind: 'ingress', requestKey: message.requestKey, sender: message.sender, senderInfo: message.senderInfo }
    : { kind: 'canister', caller: message.sender, callbackId: message.callbackId, deadlineNanos: message.deadlineNanos }
}

/** Why a canister does not take a call of another canister, at no cost. */
function tooFewCycles({ id, settings }: CanisterState, message: QueuedIngress | Request): Reject | undefined {
  const minimum = settings.minimumIncomingCanisterCallCycles
  if (message.kind !== 'request' || message.sender.key === id.key || message.cycles >= minimum) return undefined
  const text = `Canister ${id.toText()} takes calls of other canisters only with at least ${minimum} cycles attached, got ${message.cycles}.`
  return createReject('CanisterContractViolation', text)
}

/** Why a canister does not execute what came before it was stopped. */
function notRunning({ id, status }: CanisterState): Reject | undefined {
  if (status.kind === 'running') return undefined
  return createReject(status.kind === 'stopped' ? 'CanisterStopped' : 'CanisterStopping', `Canister ${id.toText()} is not running`)
}

/** What a method counts as, also one that cannot be executed. */
function kindOf(entry: ReturnType<typeof methodEntry>): MethodEntry['kind'] {
  if (!('errorCode' in entry)) return entry.kind
  return entry.errorCode === 'CompositeQueryCalledInReplicatedMode' ? 'replicated_query' : 'update'
}

type MethodEntry = { readonly kind: Extract<EntryKind, 'update' | 'replicated_query'>; readonly name: string }

/** The exported function that answers a replicated call of a method. */
function methodEntry(
  canister: CanisterState,
  methodName: string,
):
  | MethodEntry
  | { errorCode: 'CanisterWasmModuleNotFound' | 'CanisterMethodNotFound' | 'CompositeQueryCalledInReplicatedMode'; message: string } {
  const functions = canister.execution?.module.exportedFunctions
  if (functions === undefined) {
    return { errorCode: 'CanisterWasmModuleNotFound', message: 'Attempted to execute a message, but the canister contains no Wasm module.' }
  }
  if (functions.has(`canister_update ${methodName}`)) return { kind: 'update', name: `canister_update ${methodName}` }
  if (functions.has(`canister_query ${methodName}`)) return { kind: 'replicated_query', name: `canister_query ${methodName}` }
  if (functions.has(`canister_composite_query ${methodName}`)) {
    return { errorCode: 'CompositeQueryCalledInReplicatedMode', message: 'Composite query cannot be called in replicated mode' }
  }
  return { errorCode: 'CanisterMethodNotFound', message: `Canister has no update method '${methodName}'.` }
}
