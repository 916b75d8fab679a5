/** Where cycles are between being made and being burned. */
import type { CanisterState, HttpOutcall, InputMessage, SubnetState } from '@tidemark/state'

/** Cycles on balances, in open calls, and on their way. Walks the whole state. */
export function heldCycles(state: SubnetState): bigint {
  let sum = 0n
  for (const canister of state.peekAll()) sum += heldBy(canister)
  for (const message of state.inTransit) sum += carriedBy(message)
  for (const { message } of state.outgoing) sum += carriedBy(message)
  for (const message of state.managementQueue) sum += carriedBy(message)
  for (const request of state.randomnessRequests) sum += request.cycles
  for (const { refund } of state.signatureRequests) sum += refund
  for (const outcall of state.httpOutcalls.values()) sum += heldFor(outcall)
  for (const { outcall } of state.answeredOutcalls) sum += heldFor(outcall)
  return sum
}

function heldFor({ refund, withheld = 0n }: HttpOutcall): bigint {
  return refund + withheld
}

function heldBy(canister: Readonly<CanisterState>): bigint {
  let sum = canister.balance + canister.reservedBalance + (canister.longExecution?.prepaidCycles ?? 0n)
  for (const context of canister.callContexts.values()) sum += context.availableCycles
  for (const callback of canister.callbacks.values()) sum += callback.prepaidExecution + callback.prepaidTransmission
  for (const message of canister.queues) sum += carriedBy(message)
  if (canister.status.kind === 'stopping') {
    for (const waiter of canister.status.waiters) if (waiter.kind === 'canister') sum += waiter.cycles
  }
  return sum
}

function carriedBy(message: InputMessage): bigint {
  switch (message.kind) {
    case 'request':
      return message.cycles
    case 'response':
      return message.refund
    case 'ingress':
      return 0n
  }
}
