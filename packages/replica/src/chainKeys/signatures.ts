/** Signatures with derived secrets: the same key and message always give the same bytes. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToNumberBE, bytesToNumberLE } from '@noble/curves/utils.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'

const secpScalars = secp256k1.Point.Fn
const edScalars = ed25519.Point.Fn

/** ECDSA over a digest of 32 bytes, nonce of RFC 6979, low s: r and s, 64 bytes. */
export function signEcdsa(secret: bigint, digest: Uint8Array): Uint8Array {
  return secp256k1.sign(digest, secpScalars.toBytes(secret), { prehash: false, lowS: true })
}

const noAuxiliary = new Uint8Array(32)

/** BIP 340 over a message of any length; with a root of scripts (32 bytes, or none) under the output key of BIP 341. */
export function signBip340(secret: bigint, message: Uint8Array, merkleRoot: Uint8Array | undefined): Uint8Array {
  const key = merkleRoot === undefined ? secret : taprootSecret(secret, merkleRoot)
  return schnorr.sign(message, secpScalars.toBytes(key), noAuxiliary)
}

/** @see BIP 341, "Constructing and spending Taproot outputs" */
function taprootSecret(secret: bigint, merkleRoot: Uint8Array): bigint {
  const publicKey = secp256k1.getPublicKey(secpScalars.toBytes(secret))
  const even = publicKey[0] === 2 ? secret : secpScalars.neg(secret)
  const tweak = schnorr.utils.taggedHash('TapTweak', publicKey.subarray(1), merkleRoot)
  return secpScalars.add(even, secpScalars.create(bytesToNumberBE(tweak)))
}

const nonceLabel = new TextEncoder().encode('tidemark ed25519 nonce')

/** Ed25519 by a scalar that is not the hash of a seed, as derived ones are not: the nonce comes from the scalar itself. */
export function signEd25519(secret: bigint, publicKey: Uint8Array, message: Uint8Array): Uint8Array {
  const nonce = reduce(sha512(concatBytes(nonceLabel, edScalars.toBytes(secret), message)))
  const commitment = ed25519.Point.BASE.multiply(nonce).toBytes()
  const challenge = reduce(sha512(concatBytes(commitment, publicKey, message)))
  return concatBytes(commitment, edScalars.toBytes(edScalars.add(nonce, edScalars.mul(challenge, secret))))
}

function reduce(digest: Uint8Array): bigint {
  return edScalars.create(bytesToNumberLE(digest))
}
