/**
 * Versions of a live heap that can be kept and gone back to.
 *
 * Nothing is copied when a version is taken. The first change of a page after that keeps what it held before, which the
 * rollback has put aside anyway; so a version costs the pages that changed since, and the heap itself is not held twice.
 */
import { PersistentMap, osPageBytes } from '@tidemark/state'
import { InvariantError } from '@tidemark/types'
import { type RollbackMemories, loggedPages } from '@tidemark/wasm'
import { isZeroPage } from './heap.ts'

/** A page of some versions: `bytes` is there once the live heap has moved on. */
interface PageVersion {
  bytes: Uint8Array | undefined
}

/** The pages of a version by index. A page that is missing never changed from the first version to this one. */
export type HeapPages = PersistentMap<number, PageVersion>

/** All versions of one live heap. */
export class HeapVersions {
  readonly #memory: WebAssembly.Memory
  /** The version that the live heap has come from; undefined before the first one, and then nothing is noted. */
  #pages: HeapPages | undefined
  /** Pages that changed since. */
  readonly #dirty = new Set<number>()
  /** What pages held in the first version, as far as they ever changed. */
  readonly #first = new Map<number, Uint8Array>()

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory
  }

  /** Notes the pages that a message is about to commit. */
  note(rollback: RollbackMemories): void {
    if (this.#pages === undefined) return
    for (const { index, before } of loggedPages(rollback, this.#memory)) {
      if (this.#dirty.has(index)) continue
      this.#keep(this.#pages, index, before)
      this.#dirty.add(index)
    }
  }

  /** The present version. */
  keep(): HeapPages {
    let pages = this.#pages ?? PersistentMap.of<number, PageVersion>()
    for (const index of this.#dirty) pages = pages.set(index, { bytes: undefined })
    this.#dirty.clear()
    this.#pages = pages
    return pages
  }

  /** Writes the pages of a version where the live heap has others. */
  restore(version: HeapPages): void {
    const live = this.#live()
    const pages = this.#pages ?? version
    for (const index of pages.differences(version)) {
      const at = index * osPageBytes
      if (this.#dirty.has(index)) continue
      this.#keep(pages, index, () => live.slice(at, at + osPageBytes))
      live.set(this.#bytes(version, index), at)
    }
    // What these held meanwhile belongs to no version.
    for (const index of this.#dirty) live.set(this.#bytes(version, index), index * osPageBytes)
    this.#dirty.clear()
    this.#pages = version
  }

  /** A page as it is in a version. Do not change it, and do not keep it: it may be the live heap's own. */
  page(version: HeapPages, index: number): Uint8Array {
    const at = index * osPageBytes
    const entry = version.get(index)
    return (entry === undefined ? this.#first.get(index) : entry.bytes) ?? this.#live().subarray(at, at + osPageBytes)
  }

  #live(): Uint8Array {
    return new Uint8Array(this.#memory.buffer)
  }

  /** Keeps the bytes of a page for the versions that have it, before the live heap moves on. */
  #keep(pages: HeapPages, index: number, bytes: () => Uint8Array): void {
    const entry = pages.get(index)
    if (entry !== undefined) entry.bytes ??= shareZeros(bytes())
    else if (!this.#first.has(index)) this.#first.set(index, shareZeros(bytes()))
  }

  /** The bytes of a page that the live heap has another version of. */
  #bytes(version: HeapPages, index: number): Uint8Array {
    const entry = version.get(index)
    const bytes = entry === undefined ? this.#first.get(index) : entry.bytes
    if (bytes === undefined) throw new InvariantError(`page ${index} of a heap was not kept`)
    return bytes
  }
}

const zeros = new Uint8Array(osPageBytes)

/** A heap that grew has many pages that were zero before: they need not be kept one by one. */
function shareZeros(page: Uint8Array): Uint8Array {
  return isZeroPage(page) ? zeros : page
}
