/** Responses of HTTPS outcalls: their limits, and how canisters get them. */
import { IDL } from '@dfinity/candid'
import { managementTypes } from '@tidemark/bindings'
import type { HttpResponse } from '@tidemark/state'
import { encodeReply } from '../codec.ts'
import { headerBytes } from './outcallLimits.ts'

/** Why a response is not passed on; headers count before the body. */
export function responseProblem({ headers, body }: HttpResponse, limit: bigint): string | undefined {
  const left = limit - BigInt(headerBytes(headers))
  if (left < 0n) return `Header size exceeds specified response size limit ${limit}`
  return body.length > left ? `Http body exceeds size limit of ${limit} bytes.` : undefined
}

/** Bytes that a node downloads. */
export function responseBytes({ headers, body }: HttpResponse): number {
  return headerBytes(headers) + body.length
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
