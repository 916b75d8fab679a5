/** CBOR answers. */
import { encodeSelfDescribed } from '@tidemark/certification'

/** 200 with a value as CBOR, self-described. */
export function cborResponse(value: unknown): Response {
  const body = owned(encodeSelfDescribed(value))
  return new Response(body, { headers: { 'content-type': 'application/cbor', 'content-length': String(body.length) } })
}

/** The same bytes in a buffer that is no shared memory, as bodies and native crypto want them. */
export function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array(bytes)
}
