/**
 * A map that never changes: every change gives a new one that shares what is the same.
 *
 * A hash trie, five bits per level. Two maps that came from one another are compared in the time of their differences, so
 * versions of a large state can be kept, and gone back to, at the price of what changed.
 */
import { createTrie, type TrieNode, differ, eachEntry, find, put, remove } from './trie.ts'

/** A key: a page index below 2^32, or a name. */
export type PersistentKey = number | string

/** One version of a map; the head of this file tells what versions cost. */
export class PersistentMap<K extends PersistentKey, V> {
  readonly #root: TrieNode<K, V> | undefined
  readonly size: number

  private constructor(root: TrieNode<K, V> | undefined, size: number) {
    this.#root = root
    this.size = size
  }

  /** A map of the entries; of two with one key the later counts. */
  static of<K extends PersistentKey, V>(entries: Iterable<readonly [K, V]> = []): PersistentMap<K, V> {
    let map = new PersistentMap<K, V>(undefined, 0)
    for (const [key, value] of entries) map = map.set(key, value)
    return map
  }

  get(key: K): V | undefined {
    return find(this.#root, key)?.value
  }

  has(key: K): boolean {
    return find(this.#root, key) !== undefined
  }

  /** This map with the value under the key. */
  set(key: K, value: V): PersistentMap<K, V> {
    if (this.#root === undefined) return new PersistentMap(createTrie(key, value), 1)
    const known = find(this.#root, key)
    if (known !== undefined && known.value === value) return this
    return new PersistentMap(put(this.#root, key, value), known === undefined ? this.size + 1 : this.size)
  }

  /** This map without the key; itself when it is not there. */
  delete(key: K): PersistentMap<K, V> {
    if (this.#root === undefined || !this.has(key)) return this
    return new PersistentMap(remove(this.#root, key), this.size - 1)
  }

  /** All entries, in an order that depends on the keys alone as long as no two hashes are equal. */
  *entries(): Generator<readonly [key: K, value: V]> {
    for (const { key, value } of eachEntry(this.#root)) yield [key, value]
  }

  /** Keys whose values are not the same one (`===`) here and there, or that only one of the maps has. */
  differences(other: PersistentMap<K, V>): K[] {
    const keys: K[] = []
    differ(this.#root, other.#root, (key) => keys.push(key))
    return keys
  }
}
