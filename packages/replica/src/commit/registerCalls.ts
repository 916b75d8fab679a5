/** Sets callbacks aside for the calls of a committed execution and sends the requests. */
import type { OutgoingCall } from '@tidemark/execution'
import type { CallContext, CanisterState } from '@tidemark/state'
import { InvariantError } from '@tidemark/types'
import type { World } from '../world.ts'
import { consume } from './charge.ts'

export function registerCalls(world: World, canister: CanisterState, context: CallContext, calls: readonly OutgoingCall[]): void {
  for (const call of calls) {
    const id = canister.nextCallbackId++
    canister.callbacks.set(id, {
      id,
      callContextId: context.id,
      callee: call.callee,
      methodName: call.methodName,
      cyclesSent: call.cycles,
      prepaidExecution: call.prepaidExecution,
      prepaidTransmission: call.prepaidTransmission,
      onReply: call.onReply,
      onReject: call.onReject,
      onCleanup: call.onCleanup,
      deadlineNanos: call.deadlineNanos,
    })
    context.outstandingCalls += 1
    world.state.openCalls += 1
    if (call.deadlineNanos === 0n) world.state.guaranteedCalls += 1
    // The slot was found free when the call was performed.
    if (!canister.queues.reserve(call.callee, call.deadlineNanos)) throw new InvariantError('no slot for the response of a call')
    consume(world, canister, 'request_and_response_transmission', call.prepaidRequest)
    if (call.deadlineNanos !== 0n)
      world.state.bestEffortCalls.push({ caller: canister.id, callbackId: id, deadlineNanos: call.deadlineNanos })
    world.state.inTransit.push({
      kind: 'request',
      sender: canister.id,
      receiver: call.callee,
      callbackId: id,
      methodName: call.methodName,
      arg: call.arg,
      cycles: call.cycles,
      deadlineNanos: call.deadlineNanos,
      senderVersion: canister.version,
    })
  }
}
