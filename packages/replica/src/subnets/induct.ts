/** Messages that come from other subnets: they join those that are on their way here. */
import { type OutgoingMessage, type Request, type Response, carriedCycles } from '@tidemark/state'
import { isPast } from '../round/expireCalls.ts'
import { returnCycles } from '../round/refunds.ts'
import type { World } from '../world.ts'

/** Takes out what has left for other subnets since the last time, in the order in which it was sent. */
export function takeOutgoing(world: World): OutgoingMessage[] {
  const taken: OutgoingMessage[] = []
  for (let next = world.state.outgoing.shift(); next !== undefined; next = world.state.outgoing.shift()) {
    world.state.sentCycles += carriedCycles(next.message)
    taken.push(next)
  }
  return taken
}

/** Takes messages of other subnets in, for the next round. */
export function inductMessages(world: World, messages: readonly (Request | Response)[]): void {
  for (const message of messages) {
    world.state.receivedCycles += carriedCycles(message)
    world.stalled = false
    if (message.kind === 'request') inductRequest(world, message)
    else inductResponse(world, message)
  }
}

function inductRequest(world: World, request: Request): void {
  const { state } = world
  const { deadlineNanos, receiver, sender, callbackId } = request
  if (deadlineNanos !== 0n) {
    // Its caller has its answer; only the cycles still go back, as those of a request that waits here.
    if (isPast(deadlineNanos, state.timeNanos)) return returnCycles(world, request)
    state.remoteBestEffortCalls.push({ receiver, caller: sender, callbackId, deadlineNanos })
  }
  state.inTransit.push(request)
}

/** The caller may have called the management canister: its callback knows by which name. */
function inductResponse(world: World, response: Response): void {
  const callback = world.state.canister(response.originator)?.callbacks.get(response.callbackId)
  world.state.inTransit.push(callback === undefined ? response : { ...response, respondent: callback.callee })
}
