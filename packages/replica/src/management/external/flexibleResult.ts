/** What a flexible outcall is answered with: a reply in any case, with the responses or with why there are none. */
import { IDL } from '@dfinity/candid'
import { managementTypes } from '@tidemark/bindings'
import type { Principal } from '@tidemark/types'
import { encodeReply, toCandidPrincipal } from '../codec.ts'

/** Why no responses are delivered, and what is said of single nodes. */
export interface FlexibleError {
  readonly kind: 'timeout' | 'out_of_cycles' | 'responses_too_large' | 'too_many_rejects'
  readonly message: string
  readonly nodes: readonly { readonly nodeId: Principal; readonly code: string; readonly message: string }[]
}

/** @param result - the responses as `http_request` would encode them, or the error */
export function encodeFlexibleResult(result: readonly Uint8Array[] | FlexibleError): Uint8Array {
  return encodeReply('flexible_http_request', 'kind' in result ? { err: errorRecord(result) } : { ok: result.map(decodeResponse) })
}

function decodeResponse(bytes: Uint8Array): managementTypes.HttpResponse {
  // The decoder checks the value against the type that stands beside it.
  return IDL.decode([managementTypes.HttpResponse], bytes)[0] as unknown as managementTypes.HttpResponse
}

function errorRecord({ kind, message, nodes }: FlexibleError): managementTypes.FlexibleHttpRequestErr {
  return {
    // The variant of that name: nothing but its name says anything.
    global_error: [{ [kind]: null } as managementTypes.FlexibleHttpGlobalError],
    node_details: nodes.map(({ nodeId, code, message: text }) => ({
      node_id: toCandidPrincipal(nodeId),
      report: noReport,
      error: [{ code, message: text }],
    })),
    message,
  }
}

/** The network leaves the reports of its nodes empty. */
const noReport: managementTypes.HttpRequestResourceReport = {
  raw_response_bytes: [],
  http_roundtrip_time_ms: [],
  transform_instructions: [],
  transformed_response_bytes: [],
  cycles: [],
}
