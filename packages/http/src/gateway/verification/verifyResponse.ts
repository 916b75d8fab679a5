/**
 * Verification of a canister's answer to a query: a certificate of the network shows the canister's certified data, that is the
 * digest of a tree, and the tree holds the answer.
 *
 * @see HTTP gateway protocol specification, "Response verification".
 */
import { sha256 } from '@noble/hashes/sha2.js'
import {
  CertificationError,
  compareLabels,
  type HashTree,
  hashTreeDigest,
  lookup,
  lookupSubtree,
  type SignatureCheck,
  text,
  verifyCertificate,
} from '@tidemark/certification'
import type { Principal } from '@tidemark/types'
import type { CanisterRequest, CanisterResponse, HeaderFields } from '../httpTypes.ts'
import { decodedBodyDigest } from './bodyDigest.ts'
import { type CertificateHeader, parseCertificateHeader } from './certificateHeader.ts'
import { type Certification, parseExpression } from './expression.ts'
import { checkExpressionPath } from './expressionPath.ts'
import { certificateHeaderName, certifiedHeadersOf, expressionHeaderName, requestHash, responseHash } from './pairHashes.ts'
import { decodedPath } from './requestPath.ts'
import { VerificationError } from './verificationError.ts'

/** A request, the answer to it, and whom and by what clock it is judged. */
export interface Exchange {
  readonly request: CanisterRequest
  readonly response: CanisterResponse
  readonly canisterId: Principal
  /** DER form of the network's key. */
  readonly rootKey: Uint8Array
  /** Nanoseconds since 1970; a certificate may be five minutes older or newer. */
  readonly nowNanos: bigint
  /** Checks signatures of certificates. */
  readonly check?: SignatureCheck
}

/** What the proof covers. Version 1 proves the body only; without `headers` in version 2 the canister chose to prove nothing. */
export interface Verified {
  readonly version: 1 | 2
  /** The certified headers, names in lower case, and the certificate's own. */
  readonly headers?: HeaderFields
}

const clockDriftNanos = 300_000_000_000n

/** @throws VerificationError with the reason why the answer cannot be trusted */
export async function verifyResponse(exchange: Exchange): Promise<Verified> {
  const { response } = exchange
  const proof = headerOf(response, certificateHeaderName)
  if (proof === undefined) throw new VerificationError('Certification values not found')
  const header = parseCertificateHeader(proof)
  switch (header.version) {
    case 1:
      return verifyBody(header, exchange)
    case 2:
      return { version: 2, ...verifyAnswer(header, proof, exchange) }
    default:
      throw new VerificationError(
        `The requested verification version ${header.version} is not supported, the current supported range is 1-2`,
      )
  }
}

async function verifyBody({ certificate, tree }: CertificateHeader, exchange: Exchange): Promise<Verified> {
  const { request, response } = exchange
  checkCertificate(certificate, tree, exchange)
  const encoding = headerOf(response, 'content-encoding')
  const expected = certifiedBody(tree, decodedPath(request.url))
  const isCertified = (digest: Uint8Array): boolean => expected !== undefined && compareLabels(digest, expected) === 0
  if (isCertified(await decodedBodyDigest(response.body, encoding))) return { version: 1 }
  if (encoding !== undefined && isCertified(sha256(response.body))) return { version: 1 }
  throw new VerificationError('Invalid response body')
}

/** Paths that the tree does not show are answered by the home page, as single-page applications want it. */
function certifiedBody(tree: HashTree, path: string): Uint8Array | undefined {
  for (const key of [path, '/index.html']) {
    const found = lookup([text('http_assets'), text(key)], tree)
    if (found.status === 'found') return found.value
  }
  return undefined
}

function verifyAnswer(header: CertificateHeader, proof: string, exchange: Exchange): { readonly headers?: HeaderFields } {
  const { request, response } = exchange
  const { certificate, tree, expressionPath } = header
  const expression = headerOf(response, expressionHeaderName)
  if (expression === undefined) throw new VerificationError('Certificate expression not found')
  if (expressionPath === undefined) throw new VerificationError('Certificate expression path not found')
  const certification = parseExpression(expression)
  const path = decodedPath(request.url)
  checkCertificate(certificate, tree, exchange)
  checkExpressionPath(expressionPath, path, tree)
  const place = lookupSubtree([...expressionPath.map(text), sha256(text(expression))], tree)
  const at = `the path provided by the "IC-Certificate" response header (${JSON.stringify(expressionPath)})`
  if (place.status !== 'found') {
    throw new VerificationError(
      `The hash of the CEL expression provided by the "IC-Certificate-Expression" response header does not exist at ${at}`,
    )
  }
  if (certification === 'skip') return {}
  return { headers: [...checkPair(certification, place.tree, at, exchange), ['IC-Certificate', proof]] }
}

function checkPair(
  certification: Exclude<Certification, 'skip'>,
  tree: HashTree,
  at: string,
  { request, response }: Exchange,
): HeaderFields {
  const certified = certifiedHeadersOf(response, certification.response)
  const requested = certification.request === undefined ? text('') : requestHash(request, certification.request)
  const answer = lookupSubtree([requested, responseHash(response, certified)], tree)
  if (answer.status !== 'found') {
    throw new VerificationError(`The hash of the request and response was not found in the tree at ${at}`)
  }
  if (answer.tree.kind !== 'leaf' || answer.tree.value.length > 0) {
    throw new VerificationError(`The required empty leaf node was not found in the tree at ${at}`)
  }
  return certified
}

/** The certificate must be of this network, new, and show the digest of the tree as the canister's certified data. */
function checkCertificate(certificate: Uint8Array, tree: HashTree, exchange: Exchange): void {
  const { canisterId, rootKey, nowNanos, check } = exchange
  const verified = judged(() => verifyCertificate({ certificate, rootKey, scope: { canisterId }, ...(check && { check }) }))
  const driftNanos = verified.timeNanos - nowNanos
  if (driftNanos > clockDriftNanos || driftNanos < -clockDriftNanos) {
    const direction = driftNanos > 0n ? 'future' : 'past'
    throw new VerificationError(`Certificate verification failed: the certificate time is too far in the ${direction}`)
  }
  const data = lookup([text('canister'), canisterId.bytes, text('certified_data')], verified.tree)
  if (data.status !== 'found') {
    throw new VerificationError(
      `The certificate provided by the "IC-Certificate" response header is missing the certified data witness for the canister with ID ${canisterId.toText()}`,
    )
  }
  if (compareLabels(data.value, hashTreeDigest(tree)) !== 0) throw new VerificationError('Invalid tree root hash')
}

function judged<Value>(verify: () => Value): Value {
  try {
    return verify()
  } catch (error) {
    if (error instanceof CertificationError) throw new VerificationError(`Certificate verification failed: ${error.message}`)
    throw error
  }
}

/** Of several headers with one name the last counts. */
function headerOf({ headers }: CanisterResponse, name: string): string | undefined {
  return headers.findLast(([each]) => each.toLowerCase() === name)?.[1]
}
