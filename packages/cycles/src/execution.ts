import { smaller } from './amounts.ts'
import { scale, type Pricing } from './pricing.ts'
import type { WasmMode } from './prices.ts'

const unscaledInstructions = (pricing: Pricing, instructions: bigint, mode: WasmMode): bigint =>
  (pricing.prices.tenInstructions[mode] * instructions) / 10n

/** Fee for executing one message, whatever it does; paid again by a response whose callback cannot run. */
export const executionBaseFee = (pricing: Pricing): bigint => scale(pricing, pricing.prices.updateExecution)

/** Cost of instructions alone, as refunds and instruction-priced management calls use it. */
export const instructionsCost = (pricing: Pricing, instructions: bigint, mode: WasmMode): bigint =>
  scale(pricing, unscaledInstructions(pricing, instructions, mode))

/**
 * What a message pays before it runs: the base fee and its whole instruction limit, scaled as one sum.
 * The amount must fit above the freezing threshold, or the message fails as out of cycles without running.
 *
 * @param instructionLimit - 40 billion for updates, heartbeats and timers; 300 billion for `install_code`.
 */
export const prepaidExecution = (pricing: Pricing, instructionLimit: bigint, mode: WasmMode): bigint =>
  scale(pricing, pricing.prices.updateExecution + unscaledInstructions(pricing, instructionLimit, mode))

/**
 * What comes back when a message ends, also after a trap. The base fee never does. Prepayment and refund are
 * rounded apart, so on sizes that 13 does not divide the message may pay one cycle more than its exact share.
 */
export const executionRefund = (pricing: Pricing, prepaid: bigint, instructionsLeft: bigint, mode: WasmMode): bigint =>
  smaller(prepaid, instructionsCost(pricing, instructionsLeft, mode))
