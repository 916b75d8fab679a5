import { RejectError } from '@tidemark/types'
import { printNumber } from './print.ts'

/** The refusal of a call that has to be paid for from attached cycles. */
export function notEnoughCycles(method: string, attached: bigint, required: bigint): RejectError {
  return new RejectError(
    'CanisterRejectedMessage',
    `${method} request sent with ${printNumber(attached)} cycles, but ${printNumber(required)} cycles are required.`,
  )
}
