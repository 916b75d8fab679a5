/** What is asked of a user's call before it is taken in. @see Interface specification, "Request: Call" */
import { freeSettingsArgumentBytes } from '@tidemark/cycles'
import type { SubnetEnvironment } from '@tidemark/execution'
import { type CanisterState, isController, isVisibleTo, type SubnetState } from '@tidemark/state'
import { createReject, errorCodeText, type IngressMessage, InvariantError, type Principal, type Reject, RejectError } from '@tidemark/types'
import { requireManager, requireSubnetAdmin } from './access.ts'
import { isMethodName, type MethodName } from './codec.ts'
import { effectiveCanisterIdOf, targetOf } from './effectiveCanisterId.ts'
import { requireStatusVisible } from './information/canisterStatus.ts'
import { isInternalMethod, refuseInternalIngress } from './internalMethods.ts'
import { type IngressRight, ingressRightOf } from './methods.ts'

/** Methods that only canisters may call, although their argument names a canister that would pay for the message. */
const addressed: ReadonlySet<string> = new Set(['canister_info', 'canister_metadata'])

/**
 * Why a call is not taken in: unknown method, argument, missing target, who pays, missing right, in this order. Arguments
 * of methods that nobody pays for are looked at when they are executed.
 *
 * @param unpaid - why the canister that would pay for the message cannot
 */
export function filterManagementIngress(
  subnet: SubnetState,
  env: SubnetEnvironment,
  message: IngressMessage,
  unpaid: (payer: CanisterState) => Reject | undefined,
  allowProvisional = true,
): Reject | undefined {
  const { methodName, sender } = message
  if (isInternalMethod(methodName)) return refuseInternalIngress(methodName)
  if (!isMethodName(methodName)) return createReject('CanisterMethodNotFound', `ic00 interface does not expose method ${methodName}`)
  const right = ingressRightOf(methodName, env)
  if (right === 'provisional') return allowProvisional ? undefined : notAllowed(message)
  try {
    if (right === 'subnet_admin') requireSubnetAdmin(env.subnetAdmins ?? [], sender)
    if (methodName === 'create_canister') return right === undefined ? forCanisters(methodName) : undefined
    if (right === undefined && !addressed.has(methodName)) {
      return createReject('CanisterRejectedMessage', `ic00 method ${methodName} can not be called via ingress messages`)
    }
    const canister = namedCanister(subnet, methodName, message.arg)
    const payer = payingCanisterOf(subnet, message)
    const refused = payer === undefined ? undefined : unpaid(payer)
    if (refused !== undefined) return refused
    return right === undefined ? forCanisters(methodName) : missingRight(env, canister, right, message)
  } catch (thrown) {
    if (thrown instanceof RejectError) return thrown.reject
    throw thrown
  }
}

function forCanisters(methodName: MethodName): Reject {
  return createReject('CanisterRejectedMessage', `Only canisters can call ic00 method ${methodName}`)
}

function notAllowed({ sender, methodName }: IngressMessage): Reject {
  return createReject('CanisterRejectedMessage', `Caller ${sender.toText()} is not allowed to call ic00 method ${methodName}`)
}

/** @throws RejectError InvalidManagementPayload, CanisterNotFound */
function namedCanister(subnet: SubnetState, methodName: MethodName, arg: Uint8Array): CanisterState {
  const target = parsedTarget(methodName, arg)
  const canister = subnet.canister(target)
  if (canister === undefined) throw new RejectError('CanisterNotFound', `Canister ${target.toText()} not found`)
  return canister
}

/** @throws RejectError InvalidManagementPayload */
function parsedTarget(methodName: MethodName, arg: Uint8Array): Principal {
  try {
    const target = targetOf(methodName, arg)
    if (target === undefined) throw new InvariantError(`${methodName} names no canister`)
    return target
  } catch (thrown) {
    if (!(thrown instanceof RejectError)) throw thrown
    const { errorCode, message } = thrown.reject
    throw new RejectError(errorCode, `Failed to parse payload for ic00 method ${methodName}: ${errorCodeText(errorCode)}: ${message}`)
  }
}

function missingRight(env: SubnetEnvironment, canister: CanisterState, right: IngressRight, message: IngressMessage): Reject | undefined {
  const { sender, methodName } = message
  const { settings } = canister
  switch (right) {
    case 'provisional':
    case 'subnet_admin':
      return undefined
    case 'snapshot_viewer':
      if (isVisibleTo(settings, settings.snapshotVisibility, sender)) return undefined
      return notAllowed(message)
    case 'status_viewer':
      requireStatusVisible(env, canister, sender)
      return undefined
    case 'manager':
      if (env.subnetAdmins === undefined) break
      requireManager(env, canister, sender)
      return undefined
    case 'controller':
  }
  if (isController(settings, sender)) return undefined
  return createReject(
    'CanisterInvalidController',
    `Only controllers of canister ${canister.id.toText()} can call ic00 method ${methodName}`,
  )
}

/**
 * The canister that pays for taking a call in; undefined when it is free.
 *
 * Small changes of settings are free here, so that a wrong freezing threshold can be corrected, and so is the top-up out
 * of nothing, which has to reach frozen canisters.
 */
export function payingCanisterOf(subnet: SubnetState, message: IngressMessage): CanisterState | undefined {
  const { methodName, arg } = message
  if (methodName === 'provisional_top_up_canister') return undefined
  if (methodName === 'update_settings' && BigInt(arg.length) <= freeSettingsArgumentBytes) return undefined
  const target = effectiveCanisterIdOf(methodName, arg)
  return target === undefined || target === 'any' ? undefined : subnet.canister(target)
}
