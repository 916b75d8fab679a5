/**
 * The header by which a canister proves an answer.
 *
 * @see HTTP gateway protocol specification, "The certificate header".
 */
import { CertificationError, decodeCbor, decodeHashTree, type HashTree } from '@tidemark/certification'
import { VerificationError } from './verificationError.ts'

export interface CertificateHeader {
  /** CBOR of the certificate over the canister's certified data. */
  readonly certificate: Uint8Array
  /** Hash tree whose digest the canister certified. */
  readonly tree: HashTree
  /** 1 unless the header says another. */
  readonly version: number
  /** Where in the tree the answer stands; version 2 only. */
  readonly expressionPath?: readonly string[]
}

/** Reads the value of `IC-Certificate`: fields in any order, of two with one name the first. @throws VerificationError */
export function parseCertificateHeader(value: string): CertificateHeader {
  const fields = new Map<string, string>()
  for (const part of value.split(',')) {
    const [, name, content] = /^([^=]+)=:?([^:]+):?$/.exec(part.trim()) ?? []
    if (name !== undefined && content !== undefined && !fields.has(name)) fields.set(name, content)
  }
  const certificate = fields.get('certificate')
  const tree = fields.get('tree')
  const path = fields.get('expr_path')
  if (certificate === undefined) throw new VerificationError('Certificate not found')
  if (tree === undefined) throw new VerificationError('Tree not found')
  return {
    certificate: bytesOf(certificate),
    tree: parsed(() => decodeHashTree(bytesOf(tree))),
    version: versionOf(fields.get('version') ?? '1'),
    ...(path !== undefined && { expressionPath: parsed(() => textsOf(decodeCbor(bytesOf(path), 'expression path'))) }),
  }
}

/** Base64 with or without padding. */
function bytesOf(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  } catch {
    throw new VerificationError('Base64 decoding error')
  }
}

function versionOf(value: string): number {
  const version = /^\d{1,3}$/.test(value) ? Number(value) : 256
  if (version > 255) throw new VerificationError('Error parsing int')
  return version
}

function parsed<Value>(parse: () => Value): Value {
  try {
    return parse()
  } catch (error) {
    if (error instanceof CertificationError) throw new VerificationError(`CBOR decoding failed: ${error.message}`)
    throw error
  }
}

function textsOf(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  throw new CertificationError('expression path: expected a list of texts')
}
