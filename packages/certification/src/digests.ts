/**
 * Digests of hash-tree nodes: SHA-256 over a domain separator and the node's parts.
 *
 * @see Interface specification, "Certification", "The reconstructed root hash".
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { text } from './labels.ts'

const forkSeparator = separator('ic-hashtree-fork')
const labeledSeparator = separator('ic-hashtree-labeled')
const leafSeparator = separator('ic-hashtree-leaf')

/** Digest of the empty tree. Callers must not change it. */
export const emptyDigest: Uint8Array = sha256(separator('ic-hashtree-empty'))

export function forkDigest(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(forkSeparator, left, right))
}

export function labeledDigest(label: Uint8Array, content: Uint8Array): Uint8Array {
  return sha256(concatBytes(labeledSeparator, label, content))
}

export function leafDigest(value: Uint8Array): Uint8Array {
  return sha256(concatBytes(leafSeparator, value))
}

/** A domain separator: the length of the name in one byte, then the name. */
export function separator(name: string): Uint8Array {
  const bytes = text(name)
  return concatBytes(Uint8Array.of(bytes.length), bytes)
}
