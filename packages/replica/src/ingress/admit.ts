/**
 * The ingress filter, and induction of what passes it.
 *
 * @see Interface specification, "Request: Call"; order of the checks as in the reference.
 */
import { freeSettingsArgumentBytes, ingressInduction } from '@tidemark/cycles'
import { executeMessage, executionReject, undoExecution } from '@tidemark/execution'
import { type CanisterState, type QueuedIngress, queueCapacity } from '@tidemark/state'
import { type Admission, type IngressMessage, type Reject, createReject, managementCanisterId, toHex } from '@tidemark/types'
import { consume, freezingLimit, outOfCycles, withdraw } from '../commit/charge.ts'
import { touch } from '../commit/commitExecution.ts'
import { awaitsPostInit } from '../hooks/gate.ts'
import { filterManagementIngress, payingCanisterOf } from '../management/index.ts'
import type { World } from '../world.ts'

/** Takes an update call in, or refuses it without a trace in the state. A call already known is accepted without effect. */
export function admit(world: World, message: IngressMessage): Admission {
  const requestKey = toHex(message.requestId)
  if (world.state.ingressHistory.has(requestKey)) return { accepted: true }
  const reject = isManagement(message) ? filterManagement(world, message) : filterCanister(world, message)
  if (reject !== undefined) return { accepted: false, reject }
  induct(world, message, requestKey)
  return { accepted: true }
}

function isManagement(message: IngressMessage): boolean {
  return message.canisterId.key === managementCanisterId.key
}

function filterManagement(world: World, message: IngressMessage): Reject | undefined {
  return filterManagementIngress(world.state, world.env, message, (payer) => cannotPay(world, payer, message))
}

function filterCanister(world: World, message: IngressMessage): Reject | undefined {
  const canister = world.state.canister(message.canisterId)
  if (canister === undefined) return createReject('CanisterNotFound', `Canister ${message.canisterId.toText()} not found`)
  const unpaid = cannotPay(world, canister, message)
  if (unpaid !== undefined) return unpaid
  const id = canister.id.toText()
  if (canister.status.kind === 'stopping') return createReject('CanisterStopping', `Canister ${id} is stopping`)
  if (canister.status.kind === 'stopped') return createReject('CanisterStopped', `Canister ${id} is stopped`)
  // Elsewhere the time that a message may wait bounds the queue; behind the gate of a post-init all of it may be filled.
  if (canister.queues.ingressSize >= queueCapacity && awaitsPostInit(world, canister)) {
    return createReject('CanisterQueueFull', `Maximum queue capacity ${queueCapacity} reached`)
  }
  // A method that is not there is no reason to refuse: its call fails in a round, and is billed.
  const functions = canister.execution?.module.exportedFunctions
  if (functions === undefined) return createReject('CanisterWasmModuleNotFound', 'Requested canister has no wasm module')
  if (functions.has(`canister_composite_query ${message.methodName}`)) {
    return createReject('CompositeQueryCalledInReplicatedMode', 'Composite query cannot be called in replicated mode')
  }
  return functions.has('canister_inspect_message') ? inspect(world, canister, message) : undefined
}

function cannotPay(world: World, canister: CanisterState, message: IngressMessage): Reject | undefined {
  const missing = ingressInduction(world.pricing, message.sizeBytes) + freezingLimit(world, canister) - freeBalance(canister)
  return missing > 0n ? outOfCycles(canister, missing, message.sender) : undefined
}

/** The balance without the fees that fall due when an execution in progress ends. */
function freeBalance({ balance, longExecution }: CanisterState): bigint {
  return balance - (longExecution?.ingressDebitCycles ?? 0n)
}

/** Takes the fee for taking a message in: at once, or after the execution that is on. */
function payInduction(world: World, payer: CanisterState, { sizeBytes, sender }: IngressMessage): void {
  const fee = ingressInduction(world.pricing, sizeBytes)
  const long = payer.longExecution
  if (long !== undefined) payer.longExecution = { ...long, ingressDebitCycles: long.ingressDebitCycles + fee }
  else if (withdraw(world, payer, fee, sender) === undefined) consume(world, payer, 'ingress_induction', fee)
}

/** Asks `canister_inspect_message`. */
function inspect(world: World, canister: CanisterState, message: IngressMessage): Reject | undefined {
  const outcome = executeMessage(
    canister,
    world.env,
    {
      kind: 'inspect_message',
      caller: message.sender,
      arg: message.arg,
      methodName: message.methodName,
      senderInfo: message.senderInfo,
      canRespond: false,
      instructionLimit: world.env.limits.inspectMessageInstructions,
      version: canister.version,
    },
    { kind: 'export', name: 'canister_inspect_message' },
  )
  undoExecution(canister)
  if (outcome.error !== undefined) return executionReject(canister, outcome.error, message.sender)
  return outcome.acceptedMessage ? undefined : createReject('CanisterRejectedMessage', 'Canister rejected the message')
}

/** A small change of settings is charged after it: it may be what unfreezes the canister. */
function isSmallSettingsChange({ methodName, arg }: IngressMessage): boolean {
  return methodName === 'update_settings' && BigInt(arg.length) <= freeSettingsArgumentBytes
}

function induct(world: World, message: IngressMessage, requestKey: string): void {
  const { state } = world
  const management = isManagement(message)
  const payer = management ? payingCanisterOf(state, message) : state.canister(message.canisterId)
  const unpaid = management && isSmallSettingsChange(message)
  if (payer !== undefined) payInduction(world, payer, message)
  state.ingressHistory.set(requestKey, {
    status: { status: 'received' },
    sender: message.sender,
    canisterId: message.canisterId,
    effectiveCanisterId: message.effectiveCanisterId,
    expiryNanos: message.ingressExpiryNanos,
  })
  world.changes.requests.add(requestKey)
  const queued: QueuedIngress = {
    kind: 'ingress',
    requestKey,
    sender: message.sender,
    methodName: message.methodName,
    arg: message.arg,
    expiryNanos: message.ingressExpiryNanos,
    senderInfo: message.senderInfo,
    ...(unpaid ? { unpaidBytes: message.sizeBytes } : {}),
  }
  if (management) state.managementQueue.pushIngress(queued, message.effectiveCanisterId)
  else if (payer !== undefined) {
    payer.queues.pushIngress(queued)
    touch(world, payer)
  }
}
