/**
 * Ed25519 keys, with which nodes sign query answers.
 *
 * @see RFC 8032 for the signature, RFC 8410 for the DER form.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { fromHex } from '@tidemark/types'
import { separator } from './digests.ts'

const derPrefix = fromHex('302a300506032b6570032100')
const { BASE, Fn } = ed25519.Point
/** The same point with a table of its own: a subnet has a dozen keys, which a table for thousands of signatures delays. */
const keyBase = ed25519.Point.fromAffine(BASE.toAffine()).precompute(4)

export interface NodeKey {
  /** 44 bytes. */
  readonly publicKeyDer: Uint8Array
  /** 64 bytes. */
  sign(message: Uint8Array): Uint8Array
}

/** The key that a seed of any length gives; the same seed gives the same key. It is worked out when first asked for. */
export function createNodeKey(seed: Uint8Array): NodeKey {
  // Kept for all signatures: the library's own `sign` derives them anew each time, which is half its work.
  let known: ReturnType<typeof extendedKey> | undefined
  const key = () => (known ??= extendedKey(sha256(concatBytes(separator('tidemark-node-key'), seed))))
  const sign = (message: Uint8Array): Uint8Array => {
    const { prefix, scalar, pointBytes } = key()
    const nonce = scalarOf(sha512(concatBytes(prefix, message)))
    const commitment = BASE.multiply(nonce).toBytes()
    const challenge = scalarOf(sha512(concatBytes(commitment, pointBytes, message)))
    return concatBytes(commitment, Fn.toBytes(Fn.add(nonce, Fn.mul(challenge, scalar))))
  }
  return {
    get publicKeyDer() {
      return derEd25519(key().pointBytes)
    },
    sign,
  }
}

/** The parts of a key that RFC 8032, 5.1.5, derives from its secret. */
function extendedKey(secret: Uint8Array): { readonly scalar: bigint; readonly prefix: Uint8Array; readonly pointBytes: Uint8Array } {
  const digest = sha512(secret)
  const clamped = digest.slice(0, 32)
  clamped[0] = (clamped[0] as number) & 0xf8
  clamped[31] = ((clamped[31] as number) & 0x7f) | 0x40
  const scalar = scalarOf(clamped)
  return { scalar, prefix: digest.slice(32), pointBytes: keyBase.multiplyUnsafe(scalar).toBytes() }
}

/** DER form of a raw public key of 32 bytes. */
export function derEd25519(publicKey: Uint8Array): Uint8Array {
  return concatBytes(derPrefix, publicKey)
}

/** A digest as a number modulo the order of the curve, little-endian. */
function scalarOf(digest: Uint8Array): bigint {
  return Fn.create(digest.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n))
}
