/**
 * Looking a path up in a hash tree, with the four answers that pruning allows.
 *
 * @see Interface specification, "Certification", "Lookup".
 */
import type { HashTree } from './hashTree.ts'
import { compareLabels } from './labels.ts'

/** `absent` is proven; `unknown` means that the place was pruned; `error` that the path does not end at a leaf. */
export type LookupResult = { readonly status: 'found'; readonly value: Uint8Array } | { readonly status: 'absent' | 'unknown' | 'error' }

export type SubtreeLookup = { readonly status: 'found'; readonly tree: HashTree } | { readonly status: 'absent' | 'unknown' }

/** The value of the leaf at a path. */
export function lookup(path: readonly Uint8Array[], tree: HashTree): LookupResult {
  const found = lookupSubtree(path, tree)
  if (found.status !== 'found') return { status: found.status }
  switch (found.tree.kind) {
    case 'leaf':
      return { status: 'found', value: found.tree.value }
    case 'empty':
      return { status: 'absent' }
    case 'pruned':
      return { status: 'unknown' }
    case 'labeled':
    case 'fork':
      return { status: 'error' }
  }
}

/** Whatever stands at a path, a pruned tree included. */
export function lookupSubtree(path: readonly Uint8Array[], tree: HashTree): SubtreeLookup {
  let at = tree
  for (const label of path) {
    const below = lookupLabel(label, flatten(at))
    if (below.status !== 'found') return below
    at = below.tree
  }
  return { status: 'found', tree: at }
}

/** Visible children of a node, in order. Pruned ones do not show. */
export function visibleChildren(tree: HashTree): (readonly [label: Uint8Array, tree: HashTree])[] {
  return flatten(tree).flatMap((part) => (part.kind === 'labeled' ? [[part.label, part.tree] as const] : []))
}

/** Whether every node is well-formed as far as it is visible: labels strictly increase, no leaf beside labeled children. */
export function isWellFormed(tree: HashTree): boolean {
  const parts = flatten(tree)
  if (parts.some((part) => part.kind === 'leaf')) return parts.length === 1
  let last: Uint8Array | undefined
  for (const part of parts) {
    if (part.kind !== 'labeled') continue
    if (last !== undefined && compareLabels(last, part.label) >= 0) return false
    if (!isWellFormed(part.tree)) return false
    last = part.label
  }
  return true
}

function lookupLabel(label: Uint8Array, parts: readonly HashTree[]): SubtreeLookup {
  // Parts that lie between the last smaller and the first greater visible label are where the label would have to be.
  let hidden = false
  for (const part of parts) {
    if (part.kind === 'pruned') hidden = true
    if (part.kind !== 'labeled') continue
    const order = compareLabels(part.label, label)
    if (order === 0) return { status: 'found', tree: part.tree }
    if (order > 0) break
    hidden = false
  }
  return { status: hidden ? 'unknown' : 'absent' }
}

/** Labeled, leaf and pruned parts from left to right, forks and empty trees taken away. */
function flatten(tree: HashTree): HashTree[] {
  const parts: HashTree[] = []
  const waiting: HashTree[] = [tree]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (at.kind === 'fork') waiting.push(at.right, at.left)
    else if (at.kind !== 'empty') parts.push(at)
  }
  return parts
}
