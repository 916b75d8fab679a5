/** Nodes of the hash trie behind `PersistentMap`. All functions leave their arguments as they are. */

interface Entry<K, V> {
  readonly kind: 'entry'
  readonly hash: number
  readonly key: K
  readonly value: V
}

/** Entries whose keys have one hash. */
interface Collision<K, V> {
  readonly kind: 'collision'
  readonly hash: number
  readonly entries: readonly Entry<K, V>[]
}

/** Up to 32 children; a bit of the map says which are there. */
interface Branch<K, V> {
  readonly kind: 'branch'
  readonly bitmap: number
  readonly children: readonly TrieNode<K, V>[]
}

export type TrieNode<K, V> = Entry<K, V> | Collision<K, V> | Branch<K, V>

const bitsPerLevel = 5

/** Numbers stand for themselves, so that neighbouring pages share nodes; names are mixed (FNV-1a). */
function hashOf(key: number | string): number {
  if (typeof key === 'number') return key | 0
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  return hash
}

function bitAt(hash: number, shift: number): number {
  return 1 << ((hash >>> shift) & 31)
}

/** Position of a bit's child among the children. */
function position(bitmap: number, bit: number): number {
  let below = bitmap & (bit - 1)
  below -= (below >>> 1) & 0x55555555
  below = (below & 0x33333333) + ((below >>> 2) & 0x33333333)
  return Math.imul((below + (below >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** A trie of one entry. */
export function createTrie<K extends number | string, V>(key: K, value: V): TrieNode<K, V> {
  return { kind: 'entry', hash: hashOf(key), key, value }
}

/** The entry of a key. */
export function find<K extends number | string, V>(root: TrieNode<K, V> | undefined, key: K): Entry<K, V> | undefined {
  return findHashed(root, hashOf(key), key, 0)
}

function findHashed<K, V>(root: TrieNode<K, V> | undefined, hash: number, key: K, from: number): Entry<K, V> | undefined {
  let node = root
  for (let shift = from; node?.kind === 'branch'; shift += bitsPerLevel) {
    const bit = bitAt(hash, shift)
    node = (node.bitmap & bit) === 0 ? undefined : node.children[position(node.bitmap, bit)]
  }
  if (node === undefined) return undefined
  if (node.kind === 'entry') return node.key === key ? node : undefined
  return node.entries.find((entry) => entry.key === key)
}

/** The trie with the value under the key. */
export function put<K extends number | string, V>(root: TrieNode<K, V>, key: K, value: V): TrieNode<K, V> {
  return putEntry(root, { kind: 'entry', hash: hashOf(key), key, value }, 0)
}

function putEntry<K, V>(node: TrieNode<K, V>, entry: Entry<K, V>, shift: number): TrieNode<K, V> {
  if (node.kind === 'branch') {
    const bit = bitAt(entry.hash, shift)
    const at = position(node.bitmap, bit)
    const child = node.children[at]
    if ((node.bitmap & bit) === 0 || child === undefined) {
      return { kind: 'branch', bitmap: node.bitmap | bit, children: node.children.toSpliced(at, 0, entry) }
    }
    return { kind: 'branch', bitmap: node.bitmap, children: node.children.with(at, putEntry(child, entry, shift + bitsPerLevel)) }
  }
  if (node.kind === 'entry' && node.key === entry.key) return entry
  if (node.hash !== entry.hash) return fork(node, entry, shift)
  const others = node.kind === 'entry' ? [node] : node.entries.filter((other) => other.key !== entry.key)
  return { kind: 'collision', hash: entry.hash, entries: [...others, entry] }
}

/** A branch over two nodes of different hashes. */
function fork<K, V>(a: Entry<K, V> | Collision<K, V>, b: Entry<K, V>, shift: number): Branch<K, V> {
  const bitA = bitAt(a.hash, shift)
  const bitB = bitAt(b.hash, shift)
  if (bitA === bitB) return { kind: 'branch', bitmap: bitA, children: [fork(a, b, shift + bitsPerLevel)] }
  return { kind: 'branch', bitmap: bitA | bitB, children: bitA >>> 0 < bitB >>> 0 ? [a, b] : [b, a] }
}

/** The trie without a key that it has. */
export function remove<K extends number | string, V>(root: TrieNode<K, V>, key: K): TrieNode<K, V> | undefined {
  return removeHashed(root, hashOf(key), key, 0)
}

function removeHashed<K, V>(node: TrieNode<K, V>, hash: number, key: K, shift: number): TrieNode<K, V> | undefined {
  if (node.kind === 'entry') return undefined
  if (node.kind === 'collision') {
    const [first, ...rest] = node.entries.filter((entry) => entry.key !== key)
    return first === undefined || rest.length === 0 ? first : { kind: 'collision', hash, entries: [first, ...rest] }
  }
  const bit = bitAt(hash, shift)
  const at = position(node.bitmap, bit)
  const child = node.children[at]
  const left = child === undefined ? undefined : removeHashed(child, hash, key, shift + bitsPerLevel)
  const children = left === undefined ? node.children.toSpliced(at, 1) : node.children.with(at, left)
  const [only] = children
  if (only === undefined) return undefined
  // A branch over nothing but an entry would make equal maps look different.
  if (children.length === 1 && only.kind !== 'branch') return only
  return { kind: 'branch', bitmap: left === undefined ? node.bitmap & ~bit : node.bitmap, children }
}

/** All entries. */
export function* eachEntry<K, V>(node: TrieNode<K, V> | undefined): Generator<Entry<K, V>> {
  if (node === undefined) return
  if (node.kind === 'entry') yield node
  else for (const child of node.kind === 'branch' ? node.children : node.entries) yield* eachEntry(child)
}

/** Visits the keys whose values differ, or that one of the tries has not; shared parts are passed over. */
export function differ<K, V>(a: TrieNode<K, V> | undefined, b: TrieNode<K, V> | undefined, visit: (key: K) => void, shift = 0): void {
  if (a === b) return
  if (a?.kind === 'branch' && b?.kind === 'branch') return differBranches(a, b, visit, shift)
  for (const entry of eachEntry(a)) {
    if (findHashed(b, entry.hash, entry.key, shift)?.value !== entry.value) visit(entry.key)
  }
  for (const entry of eachEntry(b)) if (findHashed(a, entry.hash, entry.key, shift) === undefined) visit(entry.key)
}

function differBranches<K, V>(a: Branch<K, V>, b: Branch<K, V>, visit: (key: K) => void, shift: number): void {
  for (let left = a.bitmap | b.bitmap; left !== 0; left &= left - 1) {
    const bit = left & -left
    const childA = (a.bitmap & bit) === 0 ? undefined : a.children[position(a.bitmap, bit)]
    const childB = (b.bitmap & bit) === 0 ? undefined : b.children[position(b.bitmap, bit)]
    differ(childA, childB, visit, shift + bitsPerLevel)
  }
}
