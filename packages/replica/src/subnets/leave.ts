/** Messages that leave for another subnet, with the limits of that way. */
import type { OutgoingMessage, Request, Response } from '@tidemark/state'
import { type Reject, createReject } from '@tidemark/types'
import type { World } from '../world.ts'
import { destinationOf } from './destination.ts'

/** Bytes that a call or an answer between subnets may have. @see Interface specification, "Resource limits" */
const payloadBytesMax = 2_097_152

const encoder = new TextEncoder()

/** What becomes of a request: it is for this subnet, it has left, or it goes back. */
export type RequestRoute = { readonly kind: 'here' } | { readonly kind: 'left' } | { readonly kind: 'refused'; readonly reject: Reject }

const here: RequestRoute = { kind: 'here' }

/** Sends a request away if another subnet is to work it off. */
export function routeRequestAway(world: World, request: Request): RequestRoute {
  const { directory, state } = world
  if (directory === undefined || state.canister(request.receiver) !== undefined) return here
  const own = directory.subnet(world.env.subnetId) ?? directory.root
  const destination = destinationOf(directory, own, request)
  if (destination === undefined) {
    return { kind: 'refused', reject: createReject('CanisterNotFound', `No route to canister ${request.receiver.toText()}`) }
  }
  if (destination === own) return here
  const bytes = request.arg.length + encoder.encode(request.methodName).length
  if (bytes > payloadBytesMax) return { kind: 'refused', reject: tooLarge(request.sender.toText(), bytes) }
  // A call of the management canister addresses the subnet itself from here on.
  const isCanister = directory.hostOf(request.receiver) === destination
  send(world, { subnet: destination.id, message: isCanister ? request : { ...request, receiver: destination.id } })
  return { kind: 'left' }
}

/** Sends an answer away if the caller is on another subnet. @returns whether it has left */
export function routeResponseAway(world: World, response: Response): boolean {
  const { directory, state } = world
  if (directory === undefined || state.canister(response.originator) !== undefined) return false
  const host = directory.hostOf(response.originator)
  if (host === undefined || host.id.key === world.env.subnetId.key) return false
  const { payload } = response
  const bytes = payload.kind === 'reply' ? payload.data.length : 0
  const fitting: Response =
    bytes <= payloadBytesMax
      ? response
      : { ...response, payload: { kind: 'reject', reject: tooLarge(response.respondent.toText(), bytes) } }
  send(world, { subnet: host.id, message: fitting })
  return true
}

function send(world: World, outgoing: OutgoingMessage): void {
  world.state.outgoing.push(outgoing)
}

function tooLarge(sender: string, bytes: number): Reject {
  const text = `Canister ${sender} violated contract: attempted to send a message of size ${bytes} exceeding the limit ${payloadBytesMax}`
  return createReject('CanisterContractViolation', text)
}
