/**
 * Certificate verification, as a client does it.
 *
 * @see Interface specification, "Certification", "Certificate" and "Delegation".
 */
import { sha224 } from '@noble/hashes/sha2.js'
import { Principal } from '@tidemark/types'
import { type SignatureCheck, verifyBls } from './blsKey.ts'
import { canisterRangesIn, rangesContain } from './canisterRanges.ts'
import { type Certificate, type Delegation, decodeCertificate, rootDigestMessage } from './certificate.ts'
import { CertificationError } from './errors.ts'
import { type HashTree, hashTreeDigest } from './hashTree.ts'
import { text } from './labels.ts'
import { decodeUnsignedLeb128 } from './leb128.ts'
import { isWellFormed, lookup } from './lookup.ts'

export interface VerifyOptions {
  /** CBOR of the certificate. */
  readonly certificate: Uint8Array
  /** DER of the root subnet's key, 133 bytes. */
  readonly rootKey: Uint8Array
  /** Whom the certificate must be entitled to speak about. A delegation is checked against it. */
  readonly scope?: { readonly canisterId: Principal } | { readonly subnetId: Principal }
  /** Checks the signatures in place of `verifyBls`: see `createRememberingCheck`. */
  readonly check?: SignatureCheck
}

export interface VerifiedCertificate {
  readonly tree: HashTree
  /** Nanoseconds since 1970. */
  readonly timeNanos: bigint
  /** The subnet that signed. */
  readonly subnetId: Principal
  /** Tree of the root subnet's certificate, when one delegated to the signer. */
  readonly delegationTree?: HashTree
}

/** Checks signature, delegation and scope. How old it may be is for the caller to judge. @throws CertificationError with the reason */
export function verifyCertificate({ certificate, rootKey, scope, check = verifyBls }: VerifyOptions): VerifiedCertificate {
  const decoded = decodeCertificate(certificate)
  const { delegation } = decoded
  if (delegation === undefined) {
    const subnetId = Principal.selfAuthenticating(sha224(rootKey))
    if (scope !== undefined && 'subnetId' in scope && !scope.subnetId.equals(subnetId)) throw outOfScope(subnetId)
    return { ...verifySigned(decoded, rootKey, check), subnetId }
  }
  const { key, tree: delegationTree, subnetId } = verifyDelegation(delegation, rootKey, check)
  if (scope !== undefined && !inScope(delegationTree, subnetId, scope)) throw outOfScope(subnetId)
  return { ...verifySigned(decoded, key, check), subnetId, delegationTree }
}

function verifyDelegation(
  delegation: Delegation,
  rootKey: Uint8Array,
  check: SignatureCheck,
): { key: Uint8Array; tree: HashTree; subnetId: Principal } {
  const inner = decodeCertificate(delegation.certificate)
  if (inner.delegation !== undefined) throw new CertificationError('certificate: a delegation must not be delegated itself')
  const { tree } = verifySigned(inner, rootKey, check)
  const key = lookup([text('subnet'), delegation.subnetId, text('public_key')], tree)
  if (key.status !== 'found') throw new CertificationError('certificate: the delegation does not show the public key of the subnet')
  if (delegation.subnetId.length > 29) throw new CertificationError('certificate: the subnet id of the delegation is too long')
  return { key: key.value, tree, subnetId: Principal.fromBytes(delegation.subnetId) }
}

function verifySigned({ tree, signature }: Certificate, key: Uint8Array, check: SignatureCheck): { tree: HashTree; timeNanos: bigint } {
  if (!check(key, signature, rootDigestMessage(hashTreeDigest(tree))))
    throw new CertificationError('certificate: the signature does not verify')
  if (!isWellFormed(tree)) throw new CertificationError('certificate: its tree is not well-formed')
  const time = lookup([text('time')], tree)
  if (time.status !== 'found') throw new CertificationError('certificate: its tree does not show the time')
  return { tree, timeNanos: decodeUnsignedLeb128(time.value) }
}

function inScope(delegationTree: HashTree, subnetId: Principal, scope: NonNullable<VerifyOptions['scope']>): boolean {
  if ('subnetId' in scope) return scope.subnetId.equals(subnetId)
  return rangesContain(canisterRangesIn(delegationTree, subnetId), scope.canisterId)
}

function outOfScope(subnetId: Principal): CertificationError {
  return new CertificationError(`certificate: subnet ${subnetId.toText()} may not speak about what was asked for`)
}
