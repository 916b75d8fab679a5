/**
 * Canister signatures: a canister signs by putting a digest under its certified data.
 *
 * @see Interface specification, "Canister signatures".
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { Principal } from '@tidemark/types'
import { decodeCbor, encodeSelfDescribed } from './cborForm.ts'
import { decodePublicKeyDer, encodePublicKeyDer } from './der.ts'
import { CertificationError } from './errors.ts'
import { type HashTree, hashTreeDigest } from './hashTree.ts'
import { hashTreeFromArrays, hashTreeToArrays } from './hashTreeCbor.ts'
import { compareLabels, text } from './labels.ts'
import { isWellFormed, lookup, lookupSubtree } from './lookup.ts'
import { verifyCertificate } from './verifyCertificate.ts'

/** Algorithm of a canister's public key. */
export const canisterSignatureOid = '1.3.6.1.4.1.56387.1.2'

/** What a canister signs with: itself, and a seed of its choice. @see Interface specification, "Canister signatures". */
export interface CanisterPublicKey {
  readonly canisterId: Principal
  readonly seed: Uint8Array
}

/** DER form of a canister's public key. */
export function derCanisterKey({ canisterId, seed }: CanisterPublicKey): Uint8Array {
  const key = concatBytes(Uint8Array.of(canisterId.bytes.length), canisterId.bytes, seed)
  return encodePublicKeyDer({ algorithm: canisterSignatureOid, key })
}

/** @throws CertificationError when the bytes are no canister's public key */
export function decodeCanisterKey(der: Uint8Array): CanisterPublicKey {
  const { algorithm, key } = decodePublicKeyDer(der)
  const length = key[0] ?? 0
  if (algorithm !== canisterSignatureOid || key.length < 1 + length || length > 29)
    throw new CertificationError('not the public key of a canister')
  return { canisterId: Principal.fromBytes(key.subarray(1, 1 + length)), seed: key.slice(1 + length) }
}

/** CBOR, self-described, of a signature: the certificate of the canister's data and the tree below that data. */
export function encodeCanisterSignature({ certificate, tree }: { readonly certificate: Uint8Array; readonly tree: HashTree }): Uint8Array {
  return encodeSelfDescribed({ certificate, tree: hashTreeToArrays(tree) })
}

/** Checks a signature over `payload` (domain separator included). @throws CertificationError with the reason */
export function verifyCanisterSignature(parts: {
  readonly publicKeyDer: Uint8Array
  readonly signature: Uint8Array
  readonly payload: Uint8Array
  readonly rootKey: Uint8Array
}): void {
  const { canisterId, seed } = decodeCanisterKey(parts.publicKeyDer)
  const fields = decodeCbor(parts.signature, 'canister signature')
  if (!(fields instanceof Map)) throw new CertificationError('canister signature: expected a map')
  const certificate: unknown = fields.get('certificate')
  if (!(certificate instanceof Uint8Array)) throw new CertificationError('canister signature: field "certificate" must be bytes')
  const tree = hashTreeFromArrays(fields.get('tree'))
  const verified = verifyCertificate({ certificate, rootKey: parts.rootKey, scope: { canisterId } })
  if (verified.delegationTree !== undefined) requireSigningSubnet(verified.delegationTree, verified.subnetId)
  const data = lookup([text('canister'), canisterId.bytes, text('certified_data')], verified.tree)
  if (data.status !== 'found' || compareLabels(data.value, hashTreeDigest(tree)) !== 0) {
    throw new CertificationError('canister signature: its tree is not the one that the canister certified')
  }
  const path = [text('sig'), sha256(seed), sha256(parts.payload)]
  const place = lookupSubtree(path, tree)
  const signed = place.status === 'found' && place.tree.kind === 'leaf' && place.tree.value.length === 0
  if (!signed || !isWellFormed(tree)) throw new CertificationError('canister signature: the canister did not sign this message')
}

/** Canisters of rented subnets cannot sign for users: their operators could make up signatures. */
function requireSigningSubnet(delegationTree: HashTree, subnetId: Principal): void {
  const type = lookup([text('subnet'), subnetId.bytes, text('type')], delegationTree)
  if (type.status !== 'found') throw new CertificationError('canister signature: the delegation does not show the type of the subnet')
  if (new TextDecoder().decode(type.value) === 'cloud_engine')
    throw new CertificationError('canister signature: a canister of this subnet cannot sign')
}
