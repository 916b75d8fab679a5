/**
 * Hash trees: what a certificate carries. Parts that were left out appear as their digest.
 *
 * @see Interface specification, "Certification".
 */
import { emptyDigest, forkDigest, labeledDigest, leafDigest } from './digests.ts'

/** A hash tree, whole or with parts pruned to their digest (32 bytes). */
export type HashTree =
  | { readonly kind: 'empty' }
  | { readonly kind: 'fork'; readonly left: HashTree; readonly right: HashTree }
  | { readonly kind: 'labeled'; readonly label: Uint8Array; readonly tree: HashTree }
  | { readonly kind: 'leaf'; readonly value: Uint8Array }
  | { readonly kind: 'pruned'; readonly digest: Uint8Array }

/** Root digest, 32 bytes, computed anew from every visible part. */
export function hashTreeDigest(tree: HashTree): Uint8Array {
  switch (tree.kind) {
    case 'empty':
      return emptyDigest
    case 'fork':
      return forkDigest(hashTreeDigest(tree.left), hashTreeDigest(tree.right))
    case 'labeled':
      return labeledDigest(tree.label, hashTreeDigest(tree.tree))
    case 'leaf':
      return leafDigest(tree.value)
    case 'pruned':
      return tree.digest
  }
}
