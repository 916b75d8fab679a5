/** Cycles of best-effort messages that were dropped: they return apart from any answer. */
import type { Request } from '@tidemark/state'
import { createReject, type Principal } from '@tidemark/types'
import { touch } from '../commit/commitExecution.ts'
import { routeResponseAway } from '../subnets/leave.ts'
import type { World } from '../world.ts'

/** What a caller is told at the deadline. */
export const deadlineExpired = createReject('DeadlineExpired', 'Call deadline has expired.')

/** Credits a canister of this subnet. One that is gone loses them. */
export function creditRefund(world: World, receiver: Principal, cycles: bigint): void {
  const canister = world.state.canister(receiver)
  if (canister === undefined) {
    world.state.burnedCycles += cycles
    return
  }
  canister.balance += cycles
  touch(world, canister)
}

/** The number of no call: an answer to it brings cycles and nothing else. */
const noCall = (1n << 64n) - 1n

/** Sends the cycles of a request that was dropped back. To another subnet they go with an answer that nobody waits for. */
export function returnCycles(world: World, { sender, receiver, deadlineNanos, cycles }: Request): void {
  if (cycles === 0n) return
  const payload = { kind: 'reject', reject: deadlineExpired } as const
  const answer = { originator: sender, respondent: receiver, callbackId: noCall, payload, refund: cycles, deadlineNanos } as const
  if (!routeResponseAway(world, { kind: 'response', ...answer })) creditRefund(world, sender, cycles)
}
