/**
 * What a canister says it certified: the one form of certificate expression that the protocol knows, read into a value.
 *
 * @see HTTP gateway protocol specification, "Response verification version assertion" and "CEL expressions".
 */
import { parseTerm, type Term } from './term.ts'
import { VerificationError } from './verificationError.ts'

export interface RequestCertification {
  readonly headers: readonly string[]
  readonly queryParameters: readonly string[]
}

/** The certified headers by name, or all but those named. */
export interface ResponseCertification {
  readonly kind: 'certified' | 'excluded'
  readonly headers: readonly string[]
}

/** `'skip'`: the canister certified that its answers need no proof. */
export type Certification = 'skip' | { readonly request?: RequestCertification; readonly response: ResponseCertification }

/** @throws VerificationError when the expression is none of those that the protocol knows */
export function parseExpression(text: string): Certification {
  const call = parseTerm(text)
  if (call.kind !== 'function' || call.name !== 'default_certification') throw unexpected('function', 'default_certification')
  const args = objectOf(call.items[0], 'ValidationArgs')
  const content = oneOf(args, 'no_certification', 'certification', 'The ValidationArgs parameter')
  if (content.name === 'no_certification') return 'skip'
  const certification = objectOf(content.term, 'Certification')
  const requested = oneOf(certification, 'no_request_certification', 'request_certification', 'The Certification object')
  const response = responseOf(objectOf(field(certification, 'response_certification', 'Certification'), 'ResponseCertification'))
  return requested.name === 'no_request_certification' ? { response } : { request: requestOf(requested.term), response }
}

function requestOf(term: Term): RequestCertification {
  const fields = objectOf(term, 'RequestCertification')
  return {
    headers: textsOf(field(fields, 'certified_request_headers', 'RequestCertification'), 'certified_request_headers'),
    queryParameters: textsOf(field(fields, 'certified_query_parameters', 'RequestCertification'), 'certified_query_parameters'),
  }
}

function responseOf(fields: Fields): ResponseCertification {
  const { name, term } = oneOf(fields, 'certified_response_headers', 'response_header_exclusions', 'The response_certification object')
  const headers = textsOf(field(objectOf(term, 'ResponseHeaderList'), 'headers', 'ResponseHeaderList'), name)
  return { kind: name === 'certified_response_headers' ? 'certified' : 'excluded', headers }
}

type Fields = ReadonlyMap<string, Term>

function objectOf(term: Term | undefined, name: string): Fields {
  if (term?.kind !== 'object' || term.name !== name) throw unexpected('object', name)
  return term.fields
}

function field(fields: Fields, name: string, object: string): Term {
  const term = fields.get(name)
  if (term === undefined) throw new VerificationError(`Cel parser error: expected the property ${name} on the object ${object}`)
  return term
}

function oneOf(fields: Fields, first: string, second: string, what: string): { readonly name: string; readonly term: Term } {
  const found = [first, second].flatMap((name) => {
    const term = fields.get(name)
    return term === undefined ? [] : [{ name, term }]
  })
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  throw new VerificationError(`Cel parser error: ${what} must specify exactly one of the ${first} or ${second} properties`)
}

function textsOf(term: Term, name: string): readonly string[] {
  if (term.kind !== 'array') throw unexpected('array', name)
  return term.items.map((item) => {
    if (item.kind !== 'text') throw unexpected('string', name)
    return item.value
  })
}

function unexpected(kind: string, name: string): VerificationError {
  return new VerificationError(`Cel parser error: expected the ${kind} ${name}`)
}
