/**
 * Stable memory: sparse pages of 4 KiB under a size counted in 64 KiB pages.
 *
 * A page is never changed in place once a message has ended: the first write of a message replaces it by a copy. So a
 * rollback puts the old pages back, and a copy of the memory shares all of them.
 */
import type { Pages, StateClass } from './capture/stateClass.ts'
import { PersistentMap } from './persistentMap.ts'

/** Bytes of a page of the sparse store, and of the unit in which writes are charged. */
export const osPageBytes = 4096
/** Bytes of a WebAssembly page. */
export const wasmPageBytes = 65_536

/** A memory as it is between two messages. */
export interface PagedMemoryState {
  readonly pages: Pages
  /** In 64 KiB pages. */
  readonly sizePages: number
}

/** Sparse byte-addressed memory that can be rolled back. Offsets and sizes are whole numbers below 2^53. */
export class PagedMemory {
  #pages: Pages
  #sizePages: number
  /** Pages written since `begin`, which are this memory's own; undefined outside of messages. */
  #written: Set<number> | undefined
  #pagesAtBegin: Pages
  #sizeAtBegin = 0

  /** An empty memory, or a copy of one that writes no more in the message that it is in. */
  constructor(source?: PagedMemory) {
    this.#pages = source === undefined ? PersistentMap.of() : source.#pages
    this.#pagesAtBegin = this.#pages
    this.#sizePages = source?.sizePages ?? 0
  }

  static readonly stateClass: StateClass<PagedMemory, PagedMemoryState, PagedMemoryState> = {
    name: 'PagedMemory',
    type: PagedMemory,
    capture: (memory) => ({ pages: memory.#pages, sizePages: memory.#sizePages }),
    revive: (state) => {
      const memory = new PagedMemory()
      memory.#pages = state.pages
      memory.#sizePages = state.sizePages
      return memory
    },
    toPortable: (state) => state,
    fromPortable: (portable) => portable,
  }

  /** Size in 64 KiB pages. */
  get sizePages(): number {
    return this.#sizePages
  }

  get sizeBytes(): number {
    return this.#sizePages * wasmPageBytes
  }

  /** Pages that are stored: those that were ever written with something other than zero. */
  pageEntries(): Iterable<readonly [index: number, page: Uint8Array]> {
    return this.#pages.entries()
  }

  /** Number of 4 KiB pages written since `begin`. */
  get dirtyPages(): number {
    return this.#written?.size ?? 0
  }

  /** Indexes of the 4 KiB pages written since `begin`. */
  dirtyPageIndexes(): number[] {
    return [...(this.#written ?? [])]
  }

  /** Starts a message: from here a rollback restores. */
  begin(): void {
    this.#written = new Set()
    this.#pagesAtBegin = this.#pages
    this.#sizeAtBegin = this.#sizePages
  }

  /** Keeps what was written since `begin`; pages that became all zero are dropped. */
  commit(): void {
    for (const index of this.#written ?? []) {
      const page = this.#pages.get(index)
      if (page !== undefined && isZero(page)) this.#pages = this.#pages.delete(index)
    }
    this.#written = undefined
  }

  /** Puts back what was there at `begin`. */
  rollback(): void {
    this.#pages = this.#pagesAtBegin
    this.#sizePages = this.#sizeAtBegin
    this.#written = undefined
  }

  /** Grows by a number of 64 KiB pages; the caller has checked every limit. */
  grow(pages: number): void {
    this.#sizePages += pages
  }

  /** Copies bytes out; the caller has checked the bounds. */
  read(offset: number, into: Uint8Array): void {
    let done = 0
    while (done < into.length) {
      const at = offset + done
      const start = at % osPageBytes
      const length = Math.min(osPageBytes - start, into.length - done)
      const page = this.#pages.get(Math.floor(at / osPageBytes))
      if (page === undefined) into.fill(0, done, done + length)
      else into.set(page.subarray(start, start + length), done)
      done += length
    }
  }

  /** Copies bytes in; the caller has checked the bounds. Outside `begin` and `commit` there is no way back. */
  write(offset: number, bytes: Uint8Array): void {
    let done = 0
    while (done < bytes.length) {
      const at = offset + done
      const start = at % osPageBytes
      const length = Math.min(osPageBytes - start, bytes.length - done)
      this.#writable(Math.floor(at / osPageBytes)).set(bytes.subarray(done, done + length), start)
      done += length
    }
  }

  /** How many 4 KiB pages of a range have not been written since `begin`. */
  countClean(offset: number, length: number): number {
    if (length === 0) return 0
    let clean = 0
    const last = Math.floor((offset + length - 1) / osPageBytes)
    for (let index = Math.floor(offset / osPageBytes); index <= last; index++) if (!this.#written?.has(index)) clean++
    return clean
  }

  #writable(index: number): Uint8Array {
    const page = this.#pages.get(index)
    if (page !== undefined && this.#written?.has(index)) return page
    this.#written?.add(index)
    const copy = page === undefined ? new Uint8Array(osPageBytes) : page.slice()
    this.#pages = this.#pages.set(index, copy)
    return copy
  }
}

function isZero(page: Uint8Array): boolean {
  for (const byte of page) if (byte !== 0) return false
  return true
}
