import { IDL } from '@dfinity/candid'
import { systemCallsTypes } from '@tidemark/bindings'

/** What `ic0.cost_http_request_v2` is asked, as Candid. */
export function outcallParams(fields: Partial<systemCallsTypes.CostHttpRequestParams> = {}): Uint8Array {
  const params: systemCallsTypes.CostHttpRequestParams = {
    request_bytes: 200n,
    http_roundtrip_time_ms: 300n,
    raw_response_bytes: 2_000n,
    transformed_response_bytes: 2_000n,
    transform_instructions: 1_000_000n,
    outcall_type: [],
    ...fields,
  }
  return IDL.encode([systemCallsTypes.CostHttpRequestParams], [params])
}
