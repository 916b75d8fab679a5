/**
 * A map that is as fast as any while it is used, and whose versions can be kept and gone back to at the price of what
 * changed. Values are never changed in place: `set` replaces them. Order means nothing.
 */
import { PersistentMap } from './persistentMap.ts'

/** A map by name whose versions can be kept: the one in use, and what `keep` gave. */
export class TrackedMap<V> {
  readonly #live = new Map<string, V>()
  /** The last version that was kept; undefined before the first one, and then nothing is noted. */
  #kept: PersistentMap<string, V> | undefined
  readonly #changed = new Set<string>()

  get size(): number {
    return this.#live.size
  }

  get(key: string): V | undefined {
    return this.#live.get(key)
  }

  has(key: string): boolean {
    return this.#live.has(key)
  }

  values(): Iterable<V> {
    return this.#live.values()
  }

  set(key: string, value: V): void {
    this.#live.set(key, value)
    this.#note(key)
  }

  delete(key: string): void {
    if (this.#live.delete(key)) this.#note(key)
  }

  /** The present version. */
  keep(): PersistentMap<string, V> {
    let kept = this.#kept ?? PersistentMap.of(this.#live)
    for (const key of this.#changed) {
      const value = this.#live.get(key)
      kept = value === undefined ? kept.delete(key) : kept.set(key, value)
    }
    this.#changed.clear()
    this.#kept = kept
    return kept
  }

  /** Goes to a version. @returns keys whose values may be others now */
  restore(version: PersistentMap<string, V>): ReadonlySet<string> {
    const keys = new Set(this.keep().differences(version))
    for (const key of keys) {
      const value = version.get(key)
      if (value === undefined) this.#live.delete(key)
      else this.#live.set(key, value)
    }
    this.#kept = version
    return keys
  }

  #note(key: string): void {
    if (this.#kept !== undefined) this.#changed.add(key)
  }
}
