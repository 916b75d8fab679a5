/** Executes what waits for the management canister, and sends what it answers. */
import type { CanisterState, QueuedIngress, Request } from '@tidemark/state'
import { managementCanisterId } from '@tidemark/types'
import { type AnswerTarget, deliverAnswer } from '../commit/answers.ts'
import { touch } from '../commit/commitExecution.ts'
import { evaluateHook } from '../commit/hookCondition.ts'
import {
  type Answer,
  type CallSource,
  type ManagementResult,
  answerRandomness,
  answerSignatures,
  executeManagement,
  finishStopping,
} from '../management/index.ts'
import { refuseRemoteCaller } from '../subnets/remoteCaller.ts'
import type { World } from '../world.ts'
import { finishOutcalls } from './httpOutcalls.ts'

/** Works off the management queue. @returns whether there was anything */
export function drainManagement(world: World): boolean {
  const { managementQueue } = world.state
  // What is added meanwhile waits for the next iteration.
  const waiting = managementQueue.size
  for (let i = 0; i < waiting; i++) {
    const next = managementQueue.shift()
    if (next !== undefined) execute(world, next.message)
  }
  return waiting > 0
}

function execute(world: World, message: QueuedIngress | Request): void {
  const cycles = message.kind === 'request' ? message.cycles : 0n
  const refused = message.kind === 'request' ? refuseRemoteCaller(world, message) : undefined
  const result: ManagementResult = refused === undefined ? run(world, message, cycles) : { kind: 'reject', reject: refused }
  for (const canister of world.state.takeRemoved()) forget(world, canister)
  answer(world, message, cycles, result)
  recordTrace(world, message, result)
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

function sourceOf(message: QueuedIngress | Request): CallSource {
  if (message.kind === 'request') return { kind: 'canister', request: message }
  const { requestKey, unpaidBytes } = message
  return unpaidBytes === undefined ? { kind: 'ingress', requestKey } : { kind: 'ingress', requestKey, unpaidBytes }
}

function forget(world: World, canister: CanisterState): void {
  world.activity.forget(canister)
  world.dues.delete(canister)
  world.changes.canisters.add(canister.id.key)
}

function answer(world: World, message: QueuedIngress | Request, cycles: bigint, result: ManagementResult): void {
  if (result.target !== undefined) {
    const canister = world.state.canister(result.target)
    if (canister !== undefined) {
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

function recordTrace(world: World, message: QueuedIngress | Request, result: ManagementResult): void {
  if (world.trace === undefined) return
  const { target } = result
  world.trace.record({
    round: world.state.round,
    timeNanos: world.state.timeNanos,
    canisterId: (target ?? managementCanisterId).toText(),
    kind: 'management',
    methodName: message.methodName,
    instructions: BigInt(result.kind === 'deferred' ? 0 : (result.instructionsUsed ?? 0)),
    cyclesCharged: 0n,
    heapPagesDirtied: 0,
    memoryBefore: 0n,
    memoryAfter: 0n,
    outcome: result.kind === 'reject' ? 'trapped' : 'returned',
    ...(result.kind === 'reject' ? { error: result.reject.message } : {}),
    logs: [],
  })
}
