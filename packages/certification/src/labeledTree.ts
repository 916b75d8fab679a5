/**
 * Labeled trees: the whole state tree, immutable, each part keeping its digest once computed.
 *
 * The children of a node hang in a binary trie over the bits of their labels. So the shape follows from the set of labels
 * alone, whatever the order of changes was, and a change of one child computes only the digests on the way to it: for ids
 * that count up, or ids that are digests, about log2 of the number of children.
 */
import { emptyDigest, forkDigest, labeledDigest, leafDigest } from './digests.ts'
import { bitOf, compareLabels, firstDifferentBit } from './labels.ts'

export type LabeledTree = LabeledLeaf | LabeledNode

/** A value at the end of a path. */
export class LabeledLeaf {
  readonly kind = 'leaf'
  readonly value: Uint8Array
  #digest: Uint8Array | undefined

  constructor(value: Uint8Array) {
    this.value = value
  }

  /** 32 bytes. */
  get digest(): Uint8Array {
    this.#digest ??= leafDigest(this.value)
    return this.#digest
  }
}

/** A place in a node's trie: one labeled child, or a fork between two ranges of labels. */
export type Branch = Entry | Fork

/** One labeled child. */
export class Entry {
  readonly kind = 'entry'
  readonly label: Uint8Array
  readonly tree: LabeledTree
  #digest: Uint8Array | undefined

  constructor(label: Uint8Array, tree: LabeledTree) {
    this.label = label
    this.tree = tree
  }

  /** Smallest label of the branch. */
  get first(): Uint8Array {
    return this.label
  }

  get digest(): Uint8Array {
    this.#digest ??= labeledDigest(this.label, this.tree.digest)
    return this.#digest
  }
}

/** Two branches whose labels agree before `bit`, have 0 there on the left and 1 on the right. */
export class Fork {
  readonly kind = 'fork'
  readonly bit: number
  readonly left: Branch
  readonly right: Branch
  readonly first: Uint8Array
  #digest: Uint8Array | undefined

  constructor(bit: number, left: Branch, right: Branch) {
    this.bit = bit
    this.left = left
    this.right = right
    this.first = left.first
  }

  get digest(): Uint8Array {
    this.#digest ??= forkDigest(this.left.digest, this.right.digest)
    return this.#digest
  }
}

/** Children by label. Every change gives a new node and shares what did not change. */
export class LabeledNode {
  readonly kind = 'node'
  /** Number of children. */
  readonly size: number
  /** Root of the trie, for those who walk its shape. */
  readonly branch: Branch | undefined

  constructor(branch: Branch | undefined, size: number) {
    this.branch = branch
    this.size = size
  }

  /** 32 bytes. */
  get digest(): Uint8Array {
    return this.branch === undefined ? emptyDigest : this.branch.digest
  }

  get(label: Uint8Array): LabeledTree | undefined {
    if (this.branch === undefined) return undefined
    const entry = nearest(this.branch, label)
    return compareLabels(entry.label, label) === 0 ? entry.tree : undefined
  }

  /** This node with the child put in, or put in place of the one with that label. */
  set(label: Uint8Array, tree: LabeledTree): LabeledNode {
    if (this.branch === undefined) return new LabeledNode(new Entry(label, tree), 1)
    const at = firstDifferentBit(nearest(this.branch, label).label, label)
    return new LabeledNode(put(this.branch, at, new Entry(label, tree)), at < 0 ? this.size : this.size + 1)
  }

  /** This node without the child; itself when there is none of that label. */
  delete(label: Uint8Array): LabeledNode {
    if (this.branch === undefined || this.get(label) === undefined) return this
    return new LabeledNode(without(this.branch, label), this.size - 1)
  }

  /** Children in the order of their labels. */
  *entries(): Generator<readonly [label: Uint8Array, tree: LabeledTree]> {
    if (this.branch !== undefined) yield* entriesOf(this.branch)
  }
}

/** A leaf. The bytes are not copied: do not change them. */
export function leaf(value: Uint8Array): LabeledLeaf {
  return new LabeledLeaf(value)
}

/** A node with the given children; of two with one label the later counts. Labels are not copied: do not change them. */
export function node(entries: Iterable<readonly [label: Uint8Array, tree: LabeledTree]> = []): LabeledNode {
  const sorted = Array.from(entries, ([label, tree]) => new Entry(label, tree)).sort((a, b) => compareLabels(a.label, b.label))
  const distinct = sorted.filter((entry, i) => {
    const next = sorted[i + 1]
    return next === undefined || compareLabels(entry.label, next.label) !== 0
  })
  return new LabeledNode(distinct.length === 0 ? undefined : build(distinct, 0, distinct.length), distinct.length)
}

/** Root digest of a tree, 32 bytes. */
export function digest(tree: LabeledTree): Uint8Array {
  return tree.digest
}

function build(sorted: readonly Entry[], from: number, to: number): Branch {
  const first = sorted[from] as Entry
  if (to - from === 1) return first
  const bit = firstDifferentBit(first.label, (sorted[to - 1] as Entry).label)
  let low = from + 1
  let high = to - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (bitOf((sorted[middle] as Entry).label, bit) === 1) high = middle
    else low = middle + 1
  }
  return new Fork(bit, build(sorted, from, low), build(sorted, low, to))
}

/** The entry that a label's bits lead to: the one of that label if it is there. */
function nearest(branch: Branch, label: Uint8Array): Entry {
  let at = branch
  while (at.kind === 'fork') at = bitOf(label, at.bit) === 1 ? at.right : at.left
  return at
}

/** Puts an entry in where its label first differs (bit `at`) from those of the branch; `at` < 0 replaces. */
function put(branch: Branch, at: number, entry: Entry): Branch {
  if (branch.kind === 'entry' && at < 0) return entry
  if (branch.kind === 'entry' || (at >= 0 && branch.bit > at)) {
    return bitOf(entry.label, at) === 1 ? new Fork(at, branch, entry) : new Fork(at, entry, branch)
  }
  return bitOf(entry.label, branch.bit) === 1
    ? new Fork(branch.bit, branch.left, put(branch.right, at, entry))
    : new Fork(branch.bit, put(branch.left, at, entry), branch.right)
}

function without(branch: Branch, label: Uint8Array): Branch | undefined {
  if (branch.kind === 'entry') return undefined
  if (bitOf(label, branch.bit) === 1) {
    const right = without(branch.right, label)
    return right === undefined ? branch.left : new Fork(branch.bit, branch.left, right)
  }
  const left = without(branch.left, label)
  return left === undefined ? branch.right : new Fork(branch.bit, left, branch.right)
}

function* entriesOf(branch: Branch): Generator<readonly [Uint8Array, LabeledTree]> {
  if (branch.kind === 'entry') yield [branch.label, branch.tree]
  else {
    yield* entriesOf(branch.left)
    yield* entriesOf(branch.right)
  }
}
