import { RejectError } from '@tidemark/types'
import { argumentOf } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'

/** An HTTPS outcall. No transport is connected, so the network is one without outcalls. */
export function httpRequest(call: ManagementCall): ManagementResult {
  argumentOf(call, 'http_request')
  throw new RejectError('CanisterContractViolation', 'This API is not enabled on this subnet')
}
