/**
 * Witnesses: hash trees that reveal chosen paths of a labeled tree and prune the rest.
 *
 * Where a wanted label is missing, its neighbours' labels stay visible, so that a reader can see that nothing is between.
 */
import { toHex } from '@tidemark/types'
import type { HashTree } from './hashTree.ts'
import { compareLabels } from './labels.ts'
import type { Branch, LabeledNode, LabeledTree } from './labeledTree.ts'

type Path = readonly Uint8Array[]

/** A child whose label stays visible, and the rests of the paths wanted below it; none: its content is pruned. */
interface Shown {
  readonly label: Uint8Array
  readonly rests: Path[]
}

/** Reveals everything at and below each path (present or provably absent); all other content appears as digests only. */
export function witness(tree: LabeledTree, paths: readonly Path[]): HashTree {
  if (paths.length === 0) return { kind: 'pruned', digest: tree.digest }
  if (tree.kind === 'leaf' || paths.some((path) => path.length === 0)) return reveal(tree)
  if (tree.branch === undefined) return { kind: 'empty' }
  return witnessOfBranch(tree.branch, shownChildren(tree, tree.branch, paths))
}

/** The whole tree as a hash tree, nothing pruned. */
export function reveal(tree: LabeledTree): HashTree {
  if (tree.kind === 'leaf') return { kind: 'leaf', value: tree.value }
  return tree.branch === undefined ? { kind: 'empty' } : revealBranch(tree.branch)
}

function revealBranch(branch: Branch): HashTree {
  return branch.kind === 'entry'
    ? { kind: 'labeled', label: branch.label, tree: reveal(branch.tree) }
    : { kind: 'fork', left: revealBranch(branch.left), right: revealBranch(branch.right) }
}

function shownChildren(tree: LabeledNode, branch: Branch, paths: readonly Path[]): Shown[] {
  const shown = new Map<string, Shown>()
  const show = (label: Uint8Array): Shown => {
    const key = toHex(label)
    const known = shown.get(key)
    if (known !== undefined) return known
    const added: Shown = { label, rests: [] }
    shown.set(key, added)
    return added
  }
  for (const path of paths) {
    const label = path[0] as Uint8Array
    if (tree.get(label) === undefined) for (const neighbour of neighbours(branch, label)) show(neighbour)
    else show(label).rests.push(path.slice(1))
  }
  return [...shown.values()].sort((a, b) => compareLabels(a.label, b.label))
}

/** The labels next to a missing one, one or two. */
function neighbours(branch: Branch, missing: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = []
  let at = branch
  let next: Uint8Array | undefined
  while (at.kind === 'fork') {
    if (compareLabels(missing, at.right.first) < 0) {
      next = at.right.first
      at = at.left
    } else at = at.right
  }
  found.push(at.label)
  if (next !== undefined && compareLabels(at.label, missing) < 0) found.push(next)
  return found
}

function witnessOfBranch(branch: Branch, shown: readonly Shown[]): HashTree {
  if (shown.length === 0) return { kind: 'pruned', digest: branch.digest }
  if (branch.kind === 'entry') return { kind: 'labeled', label: branch.label, tree: witness(branch.tree, (shown[0] as Shown).rests) }
  const split = shown.findIndex((child) => compareLabels(child.label, branch.right.first) >= 0)
  const at = split < 0 ? shown.length : split
  return { kind: 'fork', left: witnessOfBranch(branch.left, shown.slice(0, at)), right: witnessOfBranch(branch.right, shown.slice(at)) }
}
