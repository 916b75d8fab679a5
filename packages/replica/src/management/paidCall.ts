import { RejectError } from '@tidemark/types'

/** The refusal of a call that has to be paid for from attached cycles. */
export function notEnoughCycles(method: string, attached: bigint, required: bigint): RejectError {
  return new RejectError('CanisterRejectedMessage', `${method} request sent with ${attached} cycles, but ${required} cycles are required.`)
}
