/** Who may do what: the checks that most methods begin with, in their order. */
import type { SubnetEnvironment } from '@tidemark/execution'
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

/** The canister that an argument names, for its controllers and the administrators of the subnet. @throws RejectError CanisterNotFound, and as `requireManager` does */
export function managedCanister(call: ManagementCall, id: CandidPrincipal): CanisterState {
  const canister = namedCanister(call, id)
  requireManager(call.env, canister, call.caller)
  return canister
}

/** @throws RejectError CanisterInvalidController; CanisterInvalidControllerOrSubnetAdmin on a subnet that has administrators */
export function requireManager({ subnetAdmins }: SubnetEnvironment, canister: CanisterState, caller: Principal): void {
  if (subnetAdmins === undefined) return requireController(canister, caller)
  if (isController(canister.settings, caller) || isAmong(subnetAdmins, caller)) return
  const id = canister.id.toText()
  throw new RejectError(
    'CanisterInvalidControllerOrSubnetAdmin',
    `Only the controllers of the canister ${id} or subnet admins can perform certain actions.\nCanister's controllers: ${printPrincipals(canister.settings.controllers)}\nSubnet admins: ${printPrincipals(subnetAdmins)}\nSender's ID: ${caller.toText()}`,
  )
}

/** @throws RejectError InvalidSubnetAdmin unless the caller is an administrator of the subnet */
export function requireSubnetAdmin(subnetAdmins: readonly Principal[], caller: Principal): void {
  if (isAmong(subnetAdmins, caller)) return
  throw new RejectError(
    'InvalidSubnetAdmin',
    `Only the subnet admins can perform certain actions.\nSubnet admins: ${printPrincipals(subnetAdmins)}\nSender's ID: ${caller.toText()}`,
  )
}

export function isAmong(principals: readonly Principal[], one: Principal): boolean {
  return principals.some((principal) => principal.equals(one))
}

function printPrincipals(principals: readonly Principal[]): string {
  return principals.map((principal) => principal.toText()).join(' ')
}

/** @throws RejectError CanisterInvalidController unless the caller is a controller or the canister itself */
export function requireControllerOrSelf(canister: CanisterState, caller: Principal): void {
  if (!canister.id.equals(caller)) requireController(canister, caller)
}

export function notControllerText(canister: CanisterState, caller: Principal): string {
  const id = canister.id.toText()
  return `Only the controllers of the canister ${id} can control it.\nCanister's controllers: ${printPrincipals(canister.settings.controllers)}\nSender's ID: ${caller.toText()}`
}
