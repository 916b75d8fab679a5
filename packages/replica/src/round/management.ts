/** Executes what waits for the management canister, and sends what it answers. */
import { type CanisterState, type LongExecution, type ManagementCall, osPageBytes, type QueuedIngress, type Request } from '@tidemark/state'
import { managementCanisterId } from '@tidemark/types'
import { type AnswerTarget, deliverAnswer } from '../commit/answers.ts'
import { countHeapDelta, markProcessing, touch } from '../commit/commitExecution.ts'
import { evaluateHook } from '../commit/hookCondition.ts'
import { payIngressDebit } from '../commit/settleMessage.ts'
import {
  type Answer,
  type CallSource,
  HeldInstall,
  type ManagementResult,
  answerRandomness,
  answerSignatures,
  effectiveCanisterIdOf,
  executeManagement,
  finishInstall,
  finishStopping,
} from '../management/index.ts'
import { refuseRemoteCaller } from '../subnets/remoteCaller.ts'
import type { World } from '../world.ts'
import { finishOutcalls } from './outcalls/finishOutcalls.ts'
import { recordManagement } from './managementTrace.ts'

/** Share of a round's instructions that the management queue gets in an iteration. */
const managementShare = 16

/**
 * Works off the management queue, as far as the instructions for it go. Calls about a canister in the middle of a long
 * execution wait for its end, and installations for the end of one another.
 *
 * @returns instructions used of this round; undefined when nothing could be executed
 */
export function drainManagement(world: World): number | undefined {
  const { managementQueue } = world.state
  const budget = world.env.limits.roundInstructions / managementShare
  let used: number | undefined
  // What is added meanwhile waits for the next iteration.
  for (let waiting = managementQueue.size; waiting > 0 && (used ?? 0) < budget; waiting--) {
    const next = managementQueue.shift(world.activity.hasLongExecution ? (call) => !mustWait(world, call) : undefined)
    if (next === undefined) break
    used = (used ?? 0) + execute(world, next)
  }
  return used
}

function mustWait(world: World, message: ManagementCall): boolean {
  const busy = world.activity.withLongExecution()
  const installs = message.methodName === 'install_code' || message.methodName === 'install_chunked_code'
  if (installs && busy.some(({ longExecution }) => longExecution?.result.kind === 'install')) return true
  const target = effectiveCanisterIdOf(message.methodName, message.arg)
  return target !== undefined && target !== 'any' && busy.some(({ id }) => id.key === target.key)
}

/** Executes a call. @returns instructions that it uses of this round */
function execute(world: World, message: QueuedIngress | Request): number {
  world.state.updateTransactions += 1
  const cycles = message.kind === 'request' ? message.cycles : 0n
  const refused = message.kind === 'request' ? refuseRemoteCaller(world, message) : undefined
  const result: ManagementResult = refused === undefined ? run(world, message, cycles) : { kind: 'reject', reject: refused }
  for (const canister of world.state.takeRemoved()) forget(world, canister)
  return settle(world, message, cycles, result)
}

function run(world: World, message: QueuedIngress | Request, cycles: bigint): ManagementResult {
  return executeManagement({
    subnet: world.state,
    env: world.env,
    options: world.management,
    caller: message.sender,
    origin: sourceOf(message),
    methodName: message.methodName,
    arg: message.arg,
    cycles,
  })
}

/** A call of the management canister as far as its answer and its trace need it. */
type EndedCall = Pick<QueuedIngress, 'kind' | 'requestKey' | 'methodName'> | Request

/** Answers a call that has ended. @returns instructions that it uses of this round */
function settle(world: World, message: EndedCall, cycles: bigint, result: ManagementResult): number {
  answer(world, message, cycles, result)
  if (world.trace !== undefined) recordManagement(world, world.trace, message.methodName, result)
  if (result.kind === 'reply') return (result.instructionsUsed ?? 0) + (result.roundInstructions ?? 0)
  if (result.kind === 'reject') return result.instructionsUsed ?? 0
  if (message.kind === 'ingress') markProcessing(world, message.requestKey)
  const started = result.target === undefined ? undefined : world.state.canister(result.target)?.longExecution
  if (started === undefined) return 0
  return world.env.limits.installSliceInstructions
}

/** Goes on with a long installation for a slice, if there is one. @returns instructions of the slice */
export function continueInstall(world: World): number {
  const slice = world.env.limits.installSliceInstructions
  for (const canister of world.activity.withLongExecution()) {
    const long = canister.longExecution
    if (long === undefined || !(long.result instanceof HeldInstall)) continue
    const slicesDone = long.slicesDone + 1
    canister.longExecution = { ...long, slicesDone }
    if (slicesDone === long.slices) endInstall(world, canister, long, long.result)
    return slice
  }
  return 0
}

function endInstall(world: World, canister: CanisterState, long: LongExecution, { started }: HeldInstall): void {
  canister.longExecution = undefined
  payIngressDebit(world, canister, long)
  const { call } = started
  const { origin, methodName } = call
  const ended: EndedCall = origin.kind === 'canister' ? origin.request : { kind: 'ingress', requestKey: origin.requestKey, methodName }
  settle(world, ended, call.cycles, finishInstall(call, canister, started))
}

function sourceOf(message: QueuedIngress | Request): CallSource {
  if (message.kind === 'request') return { kind: 'canister', request: message }
  const { requestKey, unpaidBytes } = message
  return unpaidBytes === undefined ? { kind: 'ingress', requestKey } : { kind: 'ingress', requestKey, unpaidBytes }
}

function forget(world: World, canister: CanisterState): void {
  world.activity.forget(canister.id.key)
  world.dues.delete(canister)
  world.changes.canisters.add(canister.id.key)
}

function answer(world: World, message: EndedCall, cycles: bigint, result: ManagementResult): void {
  if (result.target !== undefined) {
    const canister = world.state.canister(result.target)
    if (canister !== undefined) {
      if (result.kind !== 'deferred') countHeapDelta(world, canister, changedPages(result))
      evaluateHook(canister)
      touch(world, canister)
    }
  }
  if (result.kind === 'deferred') return
  const target: AnswerTarget =
    message.kind === 'ingress'
      ? { kind: 'ingress', requestKey: message.requestKey }
      : { kind: 'canister', caller: message.sender, callbackId: message.callbackId, deadlineNanos: message.deadlineNanos }
  const respondent = message.kind === 'request' ? message.receiver : managementCanisterId
  if (result.kind === 'reject') deliverAnswer(world, respondent, target, { kind: 'reject', reject: result.reject }, cycles)
  else {
    deliverAnswer(world, respondent, target, { kind: 'reply', data: result.data }, cycles - result.cyclesKept)
    send(world, result.answers ?? [])
  }
}

/** Stopping canisters without open calls become stopped; calls that waited too long are answered. */
export function finishStoppingCanisters(world: World): void {
  for (const canister of world.activity.stopping()) {
    send(world, finishStopping(world.state, canister))
    touch(world, canister)
  }
}

/** Answers calls for randomness, signatures and HTTPS requests from earlier rounds. */
export function answerEarlierCalls(world: World): void {
  if (world.state.randomnessRequests.length > 0) send(world, answerRandomness(world.state, world.management))
  if (world.state.signatureRequests.length > 0) send(world, answerSignatures(world.state, world.management))
  finishOutcalls(world)
}

function send(world: World, answers: readonly Answer[]): void {
  for (const { to, payload, refund } of answers) {
    deliverAnswer(world, to.kind === 'canister' ? to.respondent : managementCanisterId, to, payload, refund)
  }
}

/** Pages of 4 KiB that a call has changed. */
function changedPages(result: Exclude<ManagementResult, { kind: 'deferred' }>): number {
  const bytes = result.kind === 'reply' ? (result.changedBytes ?? 0) : 0
  const stages = result.stages ?? []
  return Math.ceil(bytes / osPageBytes) + stages.reduce((sum, { outcome }) => sum + outcome.dirtyHeapPages + outcome.dirtyStablePages, 0)
}
