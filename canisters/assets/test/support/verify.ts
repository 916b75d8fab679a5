import { createRequire } from 'node:module'
import type * as verification from '@dfinity/response-verification'
import { type Answer, canisterId, rootKey, timeNanos } from './site.ts'

const library = createRequire(import.meta.url)('@dfinity/response-verification') as typeof verification

/**
 * Checks an answer as a gateway does, with a verifier that shares no code with us: the certificate's signature, the
 * witness against the certified data, the response against the witness. Throws what the verifier throws.
 * `body` is the whole body where the answer carries only its first chunk. Older versions of certification than `oldestVersion` do
 * not count.
 */
export function verify(
  url: string,
  answer: Answer,
  body: Uint8Array = Uint8Array.from(answer.response.body),
  oldestVersion = 2,
): { status: number; headers: string[]; version: number } {
  const info = library.verifyRequestResponsePair(
    { url, method: 'GET', headers: [], body: new Uint8Array(), certificate_version: [2] },
    { status_code: answer.status, headers: answer.headers, body },
    canisterId.toUint8Array(),
    timeNanos,
    300_000_000_000n,
    rootKey,
    oldestVersion,
  )
  return {
    version: info.verificationVersion,
    status: info.response?.statusCode ?? 0,
    headers: (info.response?.headers ?? []).map(([name]) => name),
  }
}
