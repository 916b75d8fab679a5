/**
 * BLS12-381 keys of subnets: signatures in G1 (48 bytes), public keys in G2 (96 bytes, 133 in DER).
 *
 * @see Interface specification, "Certification"; ciphersuite BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_.
 */
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { fromHex } from '@tidemark/types'
import { separator } from './digests.ts'
import { CertificationError } from './errors.ts'
import { multiplyCompressed } from './g1.ts'
import { multiplyBaseCompressed } from './g2.ts'
import { hashToG1 } from './hashToG1.ts'
import { compareLabels } from './labels.ts'

const suite = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_'
const derPrefix = fromHex('308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c05030201036100')
const signatures = bls12_381.shortSignatures

export interface BlsKey {
  /** 133 bytes. */
  readonly publicKeyDer: Uint8Array
  /** 48 bytes; some milliseconds of work. */
  sign(message: Uint8Array): Uint8Array
}

/** The key that a seed of any length gives; the same seed gives the same key. Its public half is worked out when first asked for. */
export function createBlsKey(seed: Uint8Array): BlsKey {
  const secret = bls12_381.utils.randomSecretKey(sha512(concatBytes(separator('tidemark-bls-key'), seed)).subarray(0, 48))
  const scalar = bls12_381.fields.Fr.fromBytes(secret)
  let publicKeyDer: Uint8Array | undefined
  return {
    get publicKeyDer() {
      publicKeyDer ??= derBls(multiplyBaseCompressed(scalar))
      return publicKeyDer
    },
    sign: (message) => multiplyCompressed(hashToG1(message, suite), scalar),
  }
}

/** Says whether the signature is the key's (in DER) over the message. */
export type SignatureCheck = (publicKeyDer: Uint8Array, signature: Uint8Array, message: Uint8Array) => boolean

/** Whether the signature is the key's over the message; some 25 ms of work. Malformed points count as no. */
export const verifyBls: SignatureCheck = (publicKeyDer, signature, message) => {
  try {
    return signatures.verify(signature, signatures.hash(message, suite), blsKeyOfDer(publicKeyDer))
  } catch {
    return false
  }
}

/** DER form of a compressed point of G2. */
export function derBls(publicKey: Uint8Array): Uint8Array {
  return concatBytes(derPrefix, publicKey)
}

/** The compressed point in a DER form, 96 bytes. @throws CertificationError when it is no BLS key */
export function blsKeyOfDer(der: Uint8Array): Uint8Array {
  const prefix = der.subarray(0, derPrefix.length)
  if (der.length !== 133 || compareLabels(prefix, derPrefix) !== 0)
    throw new CertificationError('not a BLS key: expected 133 bytes with its prefix')
  return der.slice(derPrefix.length)
}
