import type { SubnetState } from '@tidemark/state'
import { RejectError } from '@tidemark/types'
import type { Answer, ManagementCall, ManagementOptions, ManagementResult } from '../call.ts'
import { argumentOf } from '../access.ts'
import { encodeReply, noArguments } from '../codec.ts'
import { managementLimits } from '../limits.ts'

/** Asks for randomness that nobody can know yet. @see Interface specification, "IC method `raw_rand`" */
export function rawRand(call: ManagementCall): ManagementResult {
  argumentOf(call, 'raw_rand')
  if (!noArguments(call.arg)) throw new RejectError('InvalidManagementPayload', 'Failed to decode payload for ic00 method: raw_rand')
  if (call.origin.kind === 'canister') call.subnet.randomnessRequests.push(call.origin.request)
  return { kind: 'deferred' }
}

/** Answers the calls of earlier rounds. To be called at the start of a round. */
export function answerRandomness(subnet: SubnetState, options: ManagementOptions): Answer[] {
  return subnet.randomnessRequests.splice(0).map(({ sender, callbackId, deadlineNanos, receiver, cycles }) => ({
    to: { kind: 'canister', caller: sender, callbackId, deadlineNanos, respondent: receiver },
    payload: { kind: 'reply', data: encodeReply('raw_rand', options.randomBytes(managementLimits.randomBytes)) },
    refund: cycles,
  }))
}
