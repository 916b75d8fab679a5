/**
 * Ends best-effort calls whose deadline has passed.
 *
 * The request is dropped wherever it still waits, and the cycles that it carries return by themselves; the caller gets its one
 * answer. A callee that has started goes on, and what it answers comes too late.
 *
 * @see Interface specification, "Inter-canister method calls", `call_with_best_effort_response`.
 */
import type { BestEffortCall, Callback, CanisterState, InputMessage, Request, Response } from '@tidemark/state'
import type { Principal } from '@tidemark/types'
import { touch } from '../commit/commitExecution.ts'
import { isRemote } from '../subnets/isRemote.ts'
import type { World } from '../world.ts'
import { deadlineExpired, returnCycles } from './refunds.ts'

const secondNanos = 1_000_000_000n

/** Whether a deadline lies before a time. Deadlines are whole seconds, and so the time is looked at in whole seconds. */
export function isPast(deadlineNanos: bigint, timeNanos: bigint): boolean {
  return deadlineNanos < timeNanos - (timeNanos % secondNanos)
}

/** Answers every open call whose deadline lies before the time of this round, in the order of the deadlines. */
export function expireCalls(world: World): void {
  const { state } = world
  expireRemoteCalls(world)
  if (state.bestEffortCalls.length === 0) return
  const expired: BestEffortCall[] = []
  state.bestEffortCalls = state.bestEffortCalls.filter((call) => {
    const caller = state.canister(call.caller)
    const callback = caller?.callbacks.get(call.callbackId)
    // A response in the caller's own queue counts, however late it is worked off.
    if (caller === undefined || callback === undefined || caller.queues.hasResponse(callback.callee, callback.id)) return false
    if (!isPast(call.deadlineNanos, state.timeNanos)) return true
    expired.push(call)
    return false
  })
  expired.sort((a, b) => Number(a.deadlineNanos - b.deadlineNanos))
  for (const call of expired) {
    const caller = state.canister(call.caller)
    const callback = caller?.callbacks.get(call.callbackId)
    if (caller !== undefined && callback !== undefined) expire(world, caller, callback, call)
  }
}

function expire(world: World, caller: CanisterState, callback: Callback, { deadlineNanos }: BestEffortCall): void {
  dropRequest(world, caller.id, callback.callee, callback.id)
  const response: Response = {
    kind: 'response',
    originator: caller.id,
    respondent: callback.callee,
    callbackId: callback.id,
    payload: { kind: 'reject', reject: deadlineExpired },
    refund: 0n,
    deadlineNanos,
  }
  caller.queues.pushResponse(response, isRemote(world, callback.callee))
  touch(world, caller)
}

/** Drops what other subnets have asked for and do not wait for any more. */
function expireRemoteCalls(world: World): void {
  const { state } = world
  if (state.remoteBestEffortCalls.length === 0) return
  state.remoteBestEffortCalls = state.remoteBestEffortCalls.filter(({ receiver, caller, callbackId, deadlineNanos }) => {
    if (!isPast(deadlineNanos, state.timeNanos)) return true
    dropRequest(world, caller, receiver, callbackId)
    return false
  })
}

/** Takes the request out of the queue that it waits in. */
function dropRequest(world: World, caller: Principal, receiver: Principal, callbackId: bigint): void {
  const { state } = world
  const isOurs = (message: InputMessage): message is Request =>
    message.kind === 'request' && message.sender.key === caller.key && message.callbackId === callbackId
  const callee = state.canister(receiver)
  const waiting: InputMessage[] = callee?.queues.removeWhere(isOurs) ?? []
  waiting.push(...state.managementQueue.removeAll(isOurs))
  for (const message of waiting) if (message.kind === 'request') returnCycles(world, message)
  if (callee !== undefined) touch(world, callee)
}
