/** Routes messages between canisters of this subnet, to the management canister, and to other subnets. */
import { type CanisterState, type Request, type Response, queueCapacity } from '@tidemark/state'
import { type Reject, createReject } from '@tidemark/types'
import { touch } from '../commit/commitExecution.ts'
import { isManagement, isRemote } from '../subnets/isRemote.ts'
import { routeRequestAway, routeResponseAway } from '../subnets/leave.ts'
import { unroutable } from '../subnets/unroutable.ts'
import type { World } from '../world.ts'
import { creditRefund } from './refunds.ts'

/** Moves everything in transit into the queues where it belongs. @returns whether there was anything */
export function routeMessages(world: World): boolean {
  const { inTransit } = world.state
  const any = inTransit.size > 0
  for (let message = inTransit.shift(); message !== undefined; message = inTransit.shift()) {
    if (message.kind === 'response') routeResponse(world, message)
    else routeRequest(world, message)
  }
  return any
}

function routeResponse(world: World, response: Response): void {
  if (routeResponseAway(world, response)) return
  const caller = world.state.canister(response.originator)
  if (caller === undefined) {
    // The caller was deleted meanwhile: what would have returned to it is lost.
    world.state.burnedCycles += response.refund
    return
  }
  if (isLate(caller, response)) {
    // The caller has had its answer at the deadline; only the cycles still come back.
    return creditRefund(world, caller.id, response.refund)
  }
  caller.queues.pushResponse(response, isRemote(world, response.respondent))
  touch(world, caller)
}

/** Whether a best-effort call was answered before this response came. */
function isLate(caller: CanisterState, { deadlineNanos, callbackId, respondent }: Response): boolean {
  if (deadlineNanos === 0n) return false
  return !caller.callbacks.has(callbackId) || caller.queues.hasResponse(respondent, callbackId)
}

function routeRequest(world: World, request: Request): void {
  const nowhere = unroutable(world.directory, request)
  if (nowhere !== undefined) return refuse(world, request, nowhere)
  const route = routeRequestAway(world, request)
  if (route.kind === 'left') return
  if (route.kind === 'refused') return refuse(world, request, route.reject)
  if (isManagement(world, request.receiver)) {
    world.state.managementQueue.pushRequest(request, isRemote(world, request.sender))
    return
  }
  const receiver = world.state.canister(request.receiver)
  if (receiver === undefined) {
    return refuse(world, request, createReject('CanisterNotFound', `Canister ${request.receiver.toText()} not found`))
  }
  const id = receiver.id.toText()
  if (receiver.status.kind === 'stopped') return refuse(world, request, createReject('CanisterStopped', `Canister ${id} is stopped`))
  if (receiver.status.kind === 'stopping') return refuse(world, request, createReject('CanisterStopping', `Canister ${id} is stopping`))
  if (!receiver.queues.pushRequest(request, isRemote(world, request.sender))) {
    return refuse(world, request, createReject('CanisterQueueFull', `Maximum queue capacity ${queueCapacity} reached`))
  }
  touch(world, receiver)
}

/** Sends a request back; it returns with all its cycles. */
function refuse(world: World, request: Request, reject: Reject): void {
  routeResponse(world, {
    kind: 'response',
    originator: request.sender,
    respondent: request.receiver,
    callbackId: request.callbackId,
    payload: { kind: 'reject', reject },
    refund: request.cycles,
    deadlineNanos: request.deadlineNanos,
  })
}
