export { CertificationError } from './errors.ts'
export { decodeCbor, encodeSelfDescribed } from './cborForm.ts'
export { compareLabels, text } from './labels.ts'
export { separator } from './digests.ts'
export { decodeUnsignedLeb128, encodeSignedLeb128, encodeUnsignedLeb128 } from './leb128.ts'
export { type HashableMap, type HashableValue, hashOfFields, hashOfMap, requestIdOf } from './hashOfMap.ts'
export { type Branch, digest, type LabeledLeaf, type LabeledNode, type LabeledTree, leaf, node } from './labeledTree.ts'
export { reveal, witness } from './witness.ts'
export { type HashTree, hashTreeDigest } from './hashTree.ts'
export { decodeHashTree, encodeHashTree } from './hashTreeCbor.ts'
export { isWellFormed, lookup, lookupSubtree, type LookupResult, type SubtreeLookup, visibleChildren } from './lookup.ts'
export { type BlsKey, blsKeyOfDer, createBlsKey, derBls, type SignatureCheck, verifyBls } from './blsKey.ts'
export { createRememberingCheck } from './rememberedSignatures.ts'
export { createNodeKey, derEd25519, type NodeKey } from './nodeKey.ts'
export { decodePublicKeyDer, encodePublicKeyDer, type PublicKeyInfo } from './der.ts'
export {
  type Certificate,
  createCertificate,
  decodeCertificate,
  type Delegation,
  encodeCertificate,
  rootDigestMessage,
} from './certificate.ts'
export { type Certifier, createCertifier } from './certifier.ts'
export { type VerifiedCertificate, verifyCertificate, type VerifyOptions } from './verifyCertificate.ts'
export { type CanisterRange, canisterRangesIn, decodeCanisterRanges, encodeCanisterRanges, rangesContain } from './canisterRanges.ts'
export {
  type CanisterPublicKey,
  canisterSignatureOid,
  decodeCanisterKey,
  derCanisterKey,
  encodeCanisterSignature,
  verifyCanisterSignature,
} from './canisterSignature.ts'
