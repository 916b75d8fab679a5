import { RejectError } from '@tidemark/types'
import type { ManagementCall } from '../call.ts'

/** @throws RejectError CanisterMethodNotFound where cycles cannot come out of nothing */
export function requireProvisional(call: ManagementCall): void {
  if (!call.options.allowProvisional) throw new RejectError('CanisterMethodNotFound', 'Sender not authorized to use method.')
}
