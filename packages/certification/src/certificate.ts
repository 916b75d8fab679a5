/**
 * Certificates: a pruned state tree and the subnet's signature over its root digest.
 *
 * @see Interface specification, "Certification", "Certificate".
 */
import { concatBytes } from '@noble/hashes/utils.js'
import type { BlsKey } from './blsKey.ts'
import { decodeCbor } from './cborForm.ts'
import { certificateBytes } from './certificateBytes.ts'
import { separator } from './digests.ts'
import { CertificationError } from './errors.ts'
import { type HashTree, hashTreeDigest } from './hashTree.ts'
import { hashTreeFromArrays } from './hashTreeCbor.ts'

const stateRoot = separator('ic-state-root')

/** What lets a subnet other than the root speak: the root subnet's certificate about it. */
export interface Delegation {
  readonly subnetId: Uint8Array
  readonly certificate: Uint8Array
}

export interface Certificate {
  readonly tree: HashTree
  /** Compressed point of G1, 48 bytes. */
  readonly signature: Uint8Array
  readonly delegation?: Delegation
}

/** The bytes that a subnet signs to certify a state with the given root digest. */
export function rootDigestMessage(rootDigest: Uint8Array): Uint8Array {
  return concatBytes(stateRoot, rootDigest)
}

/** Signs the witness's root digest; CBOR, self-described. One BLS signature per call: see `createCertifier` to share it. */
export function createCertificate(parts: {
  readonly witness: HashTree
  readonly key: BlsKey
  readonly delegation?: Delegation
}): Uint8Array {
  const signature = parts.key.sign(rootDigestMessage(hashTreeDigest(parts.witness)))
  return encodeCertificate({ tree: parts.witness, signature, ...(parts.delegation && { delegation: parts.delegation }) })
}

/** CBOR, self-described. */
export function encodeCertificate(certificate: Certificate): Uint8Array {
  return certificateBytes(certificate)
}

/** Reads a certificate without checking its signature. @throws CertificationError when it is malformed */
export function decodeCertificate(bytes: Uint8Array): Certificate {
  const fields = decodeCbor(bytes, 'certificate')
  const tree = hashTreeFromArrays(fieldOf(fields, 'tree'))
  const signature = bytesField(fields, 'signature')
  const delegation = fields instanceof Map ? fields.get('delegation') : undefined
  if (delegation === undefined) return { tree, signature }
  return {
    tree,
    signature,
    delegation: { subnetId: bytesField(delegation, 'subnet_id'), certificate: bytesField(delegation, 'certificate') },
  }
}

function bytesField(fields: unknown, name: string): Uint8Array {
  const value = fieldOf(fields, name)
  if (value instanceof Uint8Array) return value
  throw new CertificationError(`certificate: field "${name}" must be bytes`)
}

function fieldOf(fields: unknown, name: string): unknown {
  if (fields instanceof Map && fields.has(name)) return fields.get(name)
  throw new CertificationError(`certificate: field "${name}" is missing`)
}
