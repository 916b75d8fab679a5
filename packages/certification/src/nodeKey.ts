/** Ed25519 keys, with which nodes sign query answers. @see RFC 8410 for the DER form. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { fromHex } from '@tidemark/types'
import { separator } from './digests.ts'

const derPrefix = fromHex('302a300506032b6570032100')

export interface NodeKey {
  /** 44 bytes. */
  readonly publicKeyDer: Uint8Array
  /** 64 bytes. */
  sign(message: Uint8Array): Uint8Array
}

/** The key that a seed of any length gives; the same seed gives the same key. */
export function createNodeKey(seed: Uint8Array): NodeKey {
  const secret = sha256(concatBytes(separator('tidemark-node-key'), seed))
  return { publicKeyDer: derEd25519(ed25519.getPublicKey(secret)), sign: (message) => ed25519.sign(message, secret) }
}

/** DER form of a raw public key of 32 bytes. */
export function derEd25519(publicKey: Uint8Array): Uint8Array {
  return concatBytes(derPrefix, publicKey)
}
