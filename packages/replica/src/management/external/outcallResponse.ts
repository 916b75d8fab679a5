/** Responses of HTTPS outcalls: their limits, and how canisters get them. */
import { IDL } from '@dfinity/candid'
import { managementTypes } from '@tidemark/bindings'
import type { HttpResponse } from '@tidemark/state'
import { decodeArgument, encodeReply, optional } from '../codec.ts'
import { headerBytes, maxResponseBytes } from './outcallLimits.ts'

/** What the end of an outcall needs to know of its beginning. */
export function decodeOutcall(arg: Uint8Array): { readonly transform: managementTypes.HttpTransform | undefined; readonly limit: bigint } {
  const { transform, max_response_bytes } = decodeArgument('http_request', arg)
  return { transform: optional(transform), limit: optional(max_response_bytes) ?? BigInt(maxResponseBytes) }
}

/** Why a response is not passed on; headers count before the body. */
export function responseProblem({ headers, body }: HttpResponse, limit: bigint): string | undefined {
  const left = limit - BigInt(headerBytes(headers))
  if (left < 0n) return `Header size exceeds specified response size limit ${limit}`
  return body.length > left ? `Http body exceeds size limit of ${limit} bytes.` : undefined
}

export function encodeResponse(response: HttpResponse): Uint8Array {
  return encodeReply('http_request', recordOf(response))
}

/** What a transform function is given. */
export function encodeTransformArgument(response: HttpResponse, context: Uint8Array): Uint8Array {
  return IDL.encode([managementTypes.HttpTransformArgs], [{ response: recordOf(response), context }])
}

function recordOf({ status, headers, body }: HttpResponse): managementTypes.HttpResponse {
  return { status: BigInt(status), headers: [...headers], body }
}
