import type { managementTypes } from '@tidemark/bindings'
import { httpOutcallFee } from '@tidemark/cycles'
import type { HttpOutcall } from '@tidemark/state'
import { RejectError } from '@tidemark/types'
import { argumentOf } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { optional } from '../codec.ts'
import { notEnoughCycles } from '../paidCall.ts'
import { checkOutcall, maxOutcallsInFlight, outcallBytes } from './outcallLimits.ts'
import { outcallReject } from './outcallReject.ts'

/** An HTTPS outcall: checked, paid for and left to whoever answers it. @see Interface specification, "IC method `http_request`" */
export function httpRequest(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'http_request')
  if ((call.options.httpOutcalls ?? 'off') === 'off') {
    throw new RejectError('CanisterContractViolation', 'This API is not enabled on this subnet')
  }
  checkOutcall(arg, call.caller)
  const { subnet } = call
  if (subnet.httpOutcalls.size >= maxOutcallsInFlight) {
    throw new RejectError('CanisterRejectedMessage', `max number (${maxOutcallsInFlight}) of http requests in-flight reached.`)
  }
  const fee = takeFee(call, arg)
  if (call.origin.kind === 'canister') {
    const id = subnet.nextHttpOutcallId++
    start(call, { id, call: call.origin.request, refund: call.cycles - fee, startedNanos: subnet.timeNanos }, arg.url)
  }
  return { kind: 'deferred' }
}

/** The whole fee is taken at once; nothing of it comes back when the answer is short. */
function takeFee({ subnet, env, caller, cycles }: ManagementCall, arg: managementTypes.HttpRequestArgs): bigint {
  const limit = optional(arg.max_response_bytes)
  const requestBytes = outcallBytes(arg)
  const fee = httpOutcallFee(env.pricing, limit === undefined ? { requestBytes } : { requestBytes, maxResponseBytes: limit })
  if (cycles < fee) throw notEnoughCycles('http_request', cycles, fee)
  const canister = subnet.canister(caller)
  if (canister !== undefined) canister.consumedCycles.http_outcalls += fee
  subnet.burnedCycles += fee
  return fee
}

function start({ subnet, options }: ManagementCall, outcall: HttpOutcall, url: string): void {
  const isAllowed = options.httpOutcalls === 'mocked_any_scheme' ? /^https?:\/\/[^/?#]/i : /^https:\/\/[^/?#]/i
  if (isAllowed.test(url)) subnet.httpOutcalls.set(outcall.id, outcall)
  // What the network finds out only when it connects costs the fee.
  else subnet.answeredOutcalls.push({ outcall, answer: outcallReject(1, 'Url need to specify https scheme') })
}
