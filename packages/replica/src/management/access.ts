/** Who may do what: the checks that most methods begin with, in their order. */
import { type CanisterState, isController, type SubnetState } from '@tidemark/state'
import { type Principal, RejectError } from '@tidemark/types'
import type { Principal as CandidPrincipal } from '@dfinity/principal'
import type { ManagementCall } from './call.ts'
import { type Argument, decodeArgument, fromCandidPrincipal, type MethodName } from './codec.ts'

/**
 * The argument of a call, with the version check that canisters may ask for.
 *
 * @throws RejectError InvalidManagementPayload; CanisterContractViolation when the calling canister has another version
 */
export function argumentOf<M extends MethodName>(call: ManagementCall, method: M): Argument<M> {
  const arg = decodeArgument(method, call.arg)
  if (call.origin.kind === 'canister') checkSenderVersion(arg, call.origin.request.senderVersion)
  return arg
}

function checkSenderVersion(arg: unknown, actual: bigint): void {
  if (typeof arg !== 'object' || arg === null || !('sender_canister_version' in arg)) return
  const field: unknown = arg.sender_canister_version
  const stated: unknown = Array.isArray(field) ? field[0] : undefined
  if (typeof stated !== 'bigint' || stated === actual) return
  throw new RejectError(
    'CanisterContractViolation',
    `Management canister call payload includes sender canister version ${stated} that does not match the actual sender canister version ${actual}.`,
  )
}

/** @throws RejectError CanisterNotFound */
export function findCanister(subnet: SubnetState, id: Principal): CanisterState {
  const canister = subnet.canister(id)
  if (canister === undefined) throw new RejectError('CanisterNotFound', `Canister ${id.toText()} not found.`)
  return canister
}

/** The canister that a decoded argument names. @throws RejectError CanisterNotFound, InvalidManagementPayload */
export function namedCanister(call: ManagementCall, id: CandidPrincipal): CanisterState {
  return findCanister(call.subnet, fromCandidPrincipal(id))
}

/** The canister that an argument names, for its controllers only. @throws RejectError CanisterNotFound, CanisterInvalidController */
export function controlledCanister(call: ManagementCall, id: CandidPrincipal): CanisterState {
  const canister = namedCanister(call, id)
  requireController(canister, call.caller)
  return canister
}

/** @throws RejectError CanisterInvalidController */
export function requireController(canister: CanisterState, caller: Principal): void {
  if (!isController(canister.settings, caller)) throw new RejectError('CanisterInvalidController', notControllerText(canister, caller))
}

/** @throws RejectError CanisterInvalidController unless the caller is a controller or the canister itself */
export function requireControllerOrSelf(canister: CanisterState, caller: Principal): void {
  if (!canister.id.equals(caller)) requireController(canister, caller)
}

export function notControllerText(canister: CanisterState, caller: Principal): string {
  const id = canister.id.toText()
  const controllers = canister.settings.controllers.map((controller) => controller.toText()).join(' ')
  return `Only the controllers of the canister ${id} can control it.\nCanister's controllers: ${controllers}\nSender's ID: ${caller.toText()}`
}
