/**
 * Hashes under which a request and its answer stand in the tree.
 *
 * @see HTTP gateway protocol specification, "Request hash calculation" and "Response hash calculation".
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { hashOfFields } from '@tidemark/certification'
import type { CanisterRequest, CanisterResponse, HeaderFields } from '../httpTypes.ts'
import type { RequestCertification, ResponseCertification } from './expression.ts'

export const certificateHeaderName = 'ic-certificate'
export const expressionHeaderName = 'ic-certificateexpression'

/** Over the method, the body, and those headers and query parameters that the canister certifies. */
export function requestHash(request: CanisterRequest, { headers, queryParameters }: RequestCertification): Uint8Array {
  const fields: (readonly [string, string])[] = lowerCased(request.headers).filter(([name]) => isOneOf(name, headers))
  fields.push([':ic-cert-method', request.method])
  const query = certifiedQuery(request.url, queryParameters)
  if (query !== undefined) fields.push([':ic-cert-query', query])
  return sha256(concatBytes(hashOfFields(fields), sha256(request.body)))
}

/** Over the status, the body and the certified headers. */
export function responseHash({ status, body }: CanisterResponse, certifiedHeaders: HeaderFields): Uint8Array {
  return sha256(concatBytes(hashOfFields([...certifiedHeaders, [':ic-cert-status', status]]), sha256(body)))
}

/** The headers that the canister certifies, names in lower case, the expression itself among them. */
export function certifiedHeadersOf({ headers }: CanisterResponse, certification: ResponseCertification): HeaderFields {
  return lowerCased(headers).filter(([name]) => {
    if (name === certificateHeaderName) return false
    return name === expressionHeaderName || isOneOf(name, certification.headers) === (certification.kind === 'certified')
  })
}

/** The parts of the query that name a certified parameter, as they came; `undefined` when none does. */
function certifiedQuery(url: string, parameters: readonly string[]): string | undefined {
  const start = url.indexOf('?')
  if (start < 0) return undefined
  const parts = url
    .slice(start + 1)
    .split('&')
    .filter((part) => isOneOf(part.split('=')[0] ?? '', parameters))
  return parts.length === 0 ? undefined : parts.join('&')
}

function lowerCased(headers: HeaderFields): (readonly [string, string])[] {
  return headers.map(([name, value]) => [name.toLowerCase(), value] as const)
}

function isOneOf(name: string, names: readonly string[]): boolean {
  return names.some((each) => each.toLowerCase() === name.toLowerCase())
}
