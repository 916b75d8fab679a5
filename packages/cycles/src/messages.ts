import { saturatingSubtract, type Count } from './amounts.ts'
import { prepaidExecution } from './execution.ts'
import { instructionLimits, maxResponsePayloadBytes } from './limits.ts'
import { scale, type Pricing } from './pricing.ts'
import type { WasmMode } from './prices.ts'

/**
 * Fee for accepting an ingress message; the receiving canister pays it and never gets it back.
 * The byte fee is scaled before it is multiplied, unlike the one for calls.
 *
 * @param bytes - Length of the whole signed request as received.
 */
export const ingressInduction = (pricing: Pricing, bytes: Count): bigint =>
  scale(pricing, pricing.prices.ingress) + scale(pricing, pricing.prices.ingressByte) * BigInt(bytes)

export type CallSize = {
  readonly methodNameBytes: Count
  readonly argumentBytes: Count
  /** Mode of the calling canister: it is the one that runs the callback. */
  readonly mode: WasmMode
  /** Budget of the response callback; 40 billion when absent. */
  readonly instructionLimit?: bigint
}

/** Parts that `call_perform` takes from the caller, in cycles; attached cycles come on top. */
export type CallPrepayment = {
  /** The call and the bytes of its request; kept. */
  readonly request: bigint
  /** The largest response; `responseRefund` gives back what was not sent. */
  readonly responseTransmission: bigint
  /** The callback; `executionRefund` gives back what was not used. */
  readonly execution: bigint
  readonly total: bigint
}

const transmission = (pricing: Pricing, bytes: bigint): bigint => scale(pricing, pricing.prices.callByte * bytes)

/**
 * What a call costs up front, before attached cycles. Also the value of `ic0.cost_call`.
 * The same inside a subnet and across subnets.
 */
export const callPrepayment = (pricing: Pricing, call: CallSize): CallPrepayment => {
  const request = scale(pricing, pricing.prices.call) + transmission(pricing, BigInt(call.methodNameBytes) + BigInt(call.argumentBytes))
  const responseTransmission = transmission(pricing, maxResponsePayloadBytes)
  const execution = prepaidExecution(pricing, call.instructionLimit ?? instructionLimits.update, call.mode)
  return { request, responseTransmission, execution, total: request + responseTransmission + execution }
}

/** What a response gives back of the prepaid transmission; 0 when it is larger than what was prepaid. */
export const responseRefund = (pricing: Pricing, response: { readonly responseBytes: Count }): bigint =>
  saturatingSubtract(transmission(pricing, maxResponsePayloadBytes), transmission(pricing, BigInt(response.responseBytes)))
