/** What is asked of a user's call before it is taken in. @see Interface specification, "Request: Call" */
import { freeSettingsArgumentBytes } from '@tidemark/cycles'
import type { SubnetEnvironment } from '@tidemark/execution'
import { type CanisterState, isController, isVisibleTo, type SubnetState } from '@tidemark/state'
import { createReject, type IngressMessage, type Reject, RejectError } from '@tidemark/types'
import { requireManager, requireSubnetAdmin } from './access.ts'
import { isMethodName } from './codec.ts'
import { effectiveCanisterIdOf, targetOf } from './effectiveCanisterId.ts'
import { requireStatusVisible } from './information/canisterStatus.ts'
import { type IngressRight, ingressRightOf } from './methods.ts'

/** Why a call is not taken in: unknown method, argument, missing target, missing right, in this order. */
export function filterManagementIngress(
  subnet: SubnetState,
  env: SubnetEnvironment,
  message: IngressMessage,
  allowProvisional = true,
): Reject | undefined {
  const { methodName } = message
  const right = ingressRightOf(methodName, env)
  if (!isMethodName(methodName) || right === undefined) {
    const text =
      methodName === 'fetch_canister_logs' ? 'fetch_canister_logs API is not accessible via ingress in replicated mode' : undefined
    return createReject('CanisterRejectedMessage', text ?? `Only canisters can call ic00 method ${methodName}`)
  }
  if (right === 'provisional' && !allowProvisional) {
    return createReject('CanisterRejectedMessage', `Caller ${message.sender.toText()} is not allowed to call ic00 method ${methodName}`)
  }
  try {
    if (right === 'subnet_admin') requireSubnetAdmin(env.subnetAdmins ?? [], message.sender)
    const target = targetOf(methodName, message.arg)
    if (target === undefined) return undefined
    const canister = subnet.canister(target)
    if (canister === undefined) return createReject('CanisterNotFound', `Canister ${target.toText()} not found`)
    return missingRight(env, canister, right, message)
  } catch (thrown) {
    if (thrown instanceof RejectError) return thrown.reject
    throw thrown
  }
}

function missingRight(
  env: SubnetEnvironment,
  canister: CanisterState,
  right: IngressRight,
  { sender, methodName }: IngressMessage,
): Reject | undefined {
  const { settings } = canister
  switch (right) {
    case 'provisional':
    case 'subnet_admin':
      return undefined
    case 'snapshot_viewer':
      if (isVisibleTo(settings, settings.snapshotVisibility, sender)) return undefined
      return createReject('CanisterRejectedMessage', `Caller ${sender.toText()} is not allowed to call ic00 method ${methodName}`)
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
