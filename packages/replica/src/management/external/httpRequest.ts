import { httpOutcallFee, maxOutcallUsageFee, outcallBaseFee, outcallNodes } from '@tidemark/cycles'
import type { HttpOutcall } from '@tidemark/state'
import { RejectError } from '@tidemark/types'
import { argumentOf } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { optional } from '../codec.ts'
import { notEnoughCycles } from '../paidCall.ts'
import { checkReplication, decodeOutcall, type Outcall, type OutcallMethod } from './outcall.ts'
import { checkOutcall, maxOutcallsInFlight, outcallBytes } from './outcallLimits.ts'
import { outcallReject } from './outcallReject.ts'

/** An HTTPS outcall: checked, paid for and left to whoever answers it. @see Interface specification, "IC method `http_request`" */
export function httpRequest(call: ManagementCall): ManagementResult {
  return request(call, 'http_request')
}

/** The same by some nodes, of which every one's answer is delivered. */
export function flexibleHttpRequest(call: ManagementCall): ManagementResult {
  return request(call, 'flexible_http_request')
}

function request(call: ManagementCall, method: OutcallMethod): ManagementResult {
  argumentOf(call, method)
  const { subnet, env, options } = call
  const outcall = decodeOutcall(env.pricing, { methodName: method, arg: call.arg })
  if ((options.httpOutcalls ?? 'off') === 'off' || (method === 'flexible_http_request' && outcall.pricing === 'legacy')) {
    throw new RejectError('CanisterContractViolation', 'This API is not enabled on this subnet')
  }
  checkOutcall(outcall, call.caller)
  checkReplication(env.pricing, outcall.replication)
  if (subnet.httpOutcalls.size >= maxOutcallsInFlight) {
    throw new RejectError('CanisterRejectedMessage', `max number (${maxOutcallsInFlight}) of http requests in-flight reached.`)
  }
  const payment = takePayment(call, outcall)
  if (call.origin.kind === 'canister') {
    const id = subnet.nextHttpOutcallId++
    start(call, { id, call: call.origin.request, ...payment, startedNanos: subnet.timeNanos }, outcall.arg.url)
  }
  return { kind: 'deferred' }
}

type Payment = Pick<HttpOutcall, 'refund' | 'allowance' | 'withheld'>

/** Where the most that may come back is paid for, that is final. Otherwise the nodes get what they may use, each as much as the others. */
function takePayment(call: ManagementCall, outcall: Outcall): Payment {
  const { env, cycles } = call
  const limit = optional(outcall.arg.max_response_bytes)
  const requestBytes = outcallBytes(outcall.arg)
  if (outcall.pricing === 'legacy') {
    const fee = httpOutcallFee(env.pricing, limit === undefined ? { requestBytes } : { requestBytes, maxResponseBytes: limit })
    return { refund: cycles - takeFee(call, outcall.method, fee) }
  }
  const afterBase = cycles - takeFee(call, outcall.method, outcallBaseFee(env.pricing, requestBytes, outcall.replication))
  if (env.pricing.free) return { refund: afterBase, allowance: 0n, withheld: 0n }
  const most = maxOutcallUsageFee(env.pricing, outcall.replication, limit)
  const nodes = outcallNodes(env.pricing, outcall.replication)
  const allowance = (afterBase < most ? afterBase : most) / nodes
  return { refund: afterBase - allowance * nodes, allowance, withheld: allowance * nodes }
}

function takeFee({ subnet, caller, cycles }: ManagementCall, method: OutcallMethod, fee: bigint): bigint {
  if (cycles < fee) throw notEnoughCycles(method, cycles, fee)
  const canister = subnet.canister(caller)
  if (canister !== undefined) canister.consumedCycles.http_outcalls += fee
  subnet.burnedCycles += fee
  return fee
}

function start({ subnet, options }: ManagementCall, outcall: HttpOutcall, url: string): void {
  const isAllowed = options.httpOutcalls === 'mocked_any_scheme' || /^https:\/\/[^/?#]/i.test(url)
  if (isAllowed) subnet.httpOutcalls.set(outcall.id, outcall)
  // What the network finds out only when it connects costs the fee.
  else subnet.answeredOutcalls.push({ outcall, answer: outcallReject(1, 'Url need to specify https scheme') })
}
