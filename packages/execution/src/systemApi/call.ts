/** Calls to other canisters. @see Interface specification, "Inter-canister method calls". */
import { callPrepayment } from '@tidemark/cycles'
import { queueCapacity, requestBytes, responseReservationBytes } from '@tidemark/state'
import { Principal } from '@tidemark/types'
import { isComposite } from '../entryKind.ts'
import type { CallInPreparation, Execution } from '../execution.ts'
import { Trap, contractViolation } from '../trap.ts'
import { concat } from './reply.ts'
import { type Machine, type SystemCallGroup, amount, systemCall, unsigned } from './systemCall.ts'

const contexts = 'U CQ Ry Rt CRy CRt T'
const maxFunction = 0xffff_ffff
/** Stands for bytes that are no UTF-8. */
const replacement = '\ufffd'
const lossyUtf8 = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

// The braces are those of the network's own text.
const longName = {
  suggestion: 'Size of method_name {} exceeds the allowed limit of {}.',
  anchor: 'canister-made-a-call-with-too-large-method-name',
} as const
const largePayload = {
  suggestion: 'Check the canister for errors or redesign the target API to allow shorter messages',
  anchor: 'canister-made-a-call-with-too-large-payload',
} as const

/** Result of `call_perform` when the call cannot be made now. */
const notPossible = 2

/** System calls that make calls. */
export const callCalls: SystemCallGroup = {
  call_new: systemCall(
    contexts,
    (
      { execution, memory }: Machine,
      calleeSource: number,
      calleeSize: number,
      nameSource: number,
      nameSize: number,
      replyFunction: number,
      replyEnv: number,
      rejectFunction: number,
      rejectEnv: number,
    ) => {
      execution.discardCall()
      const max = execution.env.limits.methodNameBytes
      if (nameSize > max) throw contractViolation(`Size of method_name ${nameSize} exceeds the allowed limit of ${max}.`, longName)
      const name = memory.read('ic0.call_new method_name', nameSource, nameSize)
      const methodName = lossyUtf8.decode(name)
      execution.call = {
        callee: principal(memory.read('ic0.call_new callee_src', calleeSource, calleeSize)),
        methodName,
        methodNameBytes: methodName.includes(replacement) ? encoder.encode(methodName).length : nameSize,
        chunks: [],
        size: 0,
        onReply: closure(replyFunction, replyEnv),
        onReject: closure(rejectFunction, rejectEnv),
        onCleanup: undefined,
        cycles: 0n,
        deadlineNanos: undefined,
      }
    },
  ),
  call_on_cleanup: systemCall(contexts, ({ execution }: Machine, func: number, env: number) => {
    const call = pending(execution, 'ic0.call_on_cleanup')
    if (call.onCleanup !== undefined)
      throw contractViolation('ic0.call_on_cleanup can be called at most once between `ic0.call_new` and `ic0.call_perform`')
    call.onCleanup = closure(func, env)
  }),
  call_data_append: systemCall(contexts, ({ execution, memory }: Machine, source: number, size: number) => {
    const call = pending(execution, 'ic0.call_data_append')
    const max = execution.env.limits.requestBytes
    const payload = call.methodNameBytes + call.size + size
    if (payload > max) {
      throw contractViolation(
        `Request to ${call.callee.toText()}:${call.methodName} has a payload size of ${payload}, which exceeds the allowed limit of ${max}.`,
        largePayload,
      )
    }
    call.chunks.push(memory.read('ic0.call_data_append', source, size))
    call.size += size
  }),
  call_with_best_effort_response: systemCall(contexts, ({ execution }: Machine, timeoutSeconds: number) => {
    const call = pending(execution, 'ic0.call_with_best_effort_response')
    if (call.deadlineNanos !== undefined)
      throw contractViolation('ic0_call_with_best_effort_response failed because a timeout is already set.')
    const seconds = Math.min(timeoutSeconds, execution.env.limits.bestEffortTimeoutSeconds)
    const deadline = execution.env.timeNanos + BigInt(seconds) * 1_000_000_000n
    call.deadlineNanos = deadline - (deadline % 1_000_000_000n)
  }),
  call_cycles_add: systemCall('U Ry Rt T', ({ execution }: Machine, cycles: bigint) =>
    addCycles(execution, 'ic0.call_cycles_add', unsigned(cycles)),
  ),
  call_cycles_add128: systemCall('U Ry Rt T', ({ execution }: Machine, high: bigint, low: bigint) =>
    addCycles(execution, 'ic0.call_cycles_add128', amount(high, low)),
  ),
  call_perform: systemCall(contexts, ({ execution, wasmMode }: Machine) => perform(execution, wasmMode)),
}

function perform(execution: Execution, wasmMode: 'wasm32' | 'wasm64'): number {
  const call = pending(execution, 'ic0.call_perform')
  execution.call = undefined
  const outgoing = {
    callee: call.callee,
    methodName: call.methodName,
    arg: concat(call.chunks, call.size),
    cycles: call.cycles,
    onReply: call.onReply,
    onReject: call.onReject,
    onCleanup: call.onCleanup,
    deadlineNanos: call.deadlineNanos ?? 0n,
  }
  if (isComposite(execution.kind)) {
    execution.calls.push({ ...outgoing, prepaidRequest: 0n, prepaidTransmission: 0n, prepaidExecution: 0n })
    return 0
  }
  const prepayment = callPrepayment(execution.env.pricing, {
    methodNameBytes: call.methodNameBytes,
    argumentBytes: call.size,
    mode: wasmMode,
    instructionLimit: BigInt(execution.env.limits.messageInstructions),
  })
  const room = requestBytes(outgoing) + (outgoing.deadlineNanos === 0n ? responseReservationBytes : 0)
  execution.callBytes += room
  // The balance must stay above the freezing threshold with the room that this call takes.
  if (!hasRoom(execution, call) || execution.balance - prepayment.total < execution.freezingLimit) {
    execution.callBytes -= room
    execution.spend(-call.cycles)
    return notPossible
  }
  execution.spend(prepayment.total)
  execution.calls.push({
    ...outgoing,
    prepaidRequest: prepayment.request,
    prepaidTransmission: prepayment.responseTransmission,
    prepaidExecution: prepayment.execution,
  })
  return 0
}

/** Whether the queue to this callee, the quota of callbacks and the memory for responses take one more call. */
function hasRoom(execution: Execution, call: CallInPreparation): boolean {
  const { canister, calls, env } = execution
  const { limits, openCalls } = env
  const toCallee = calls.reduce((count, made) => (made.callee.key === call.callee.key ? count + 1 : count), 0)
  if (canister.queues.openCalls(call.callee) + toCallee >= queueCapacity) return false
  const isGuaranteedQuota = canister.callbacks.size + calls.length < limits.guaranteedCallbacks
  if (!isGuaranteedQuota && openCalls.count() + calls.length >= limits.subnetCallbacks) return false
  if (call.deadlineNanos !== undefined) return true
  const guaranteed = openCalls.guaranteed() + calls.filter((made) => made.deadlineNanos === 0n).length
  return (guaranteed + 1) * limits.responseBytes <= limits.guaranteedResponseBytes
}

function addCycles(execution: Execution, name: string, cycles: bigint): void {
  const call = pending(execution, name)
  if (cycles > execution.liquidBalance) {
    const message = `Canister ${execution.canister.id.toText()} is out of cycles`
    throw new Trap({ errorCode: 'CanisterContractViolation', message, advice: 'none' })
  }
  execution.spend(cycles)
  call.cycles += cycles
}

function pending(execution: Execution, name: string): CallInPreparation {
  if (execution.call === undefined) throw contractViolation(`${name} called when no call is under construction.`)
  return execution.call
}

function closure(func: number, env: number) {
  return { func: Math.min(func, maxFunction), env: BigInt(env) }
}

/** The principal of bytes that a canister gave. @throws Trap when there are too many */
export function principal(bytes: Uint8Array): Principal {
  if (bytes.length > 29) {
    throw new Trap({ errorCode: 'CanisterContractViolation', message: 'Canister provided invalid principal id' })
  }
  return Principal.fromBytes(bytes)
}
