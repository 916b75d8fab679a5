/** Copies a heap between an instance and the sparse form that snapshots keep. */
import { PagedMemory, osPageBytes } from '@tidemark/state'

/** The heap as sparse pages; pages that are all zero are left out. */
export function exportHeap(memory: WebAssembly.Memory | undefined, pages: number): PagedMemory {
  const heap = new PagedMemory()
  heap.grow(pages)
  if (memory === undefined) return heap
  const bytes = new Uint8Array(memory.buffer, 0, pages * 65_536)
  const words = new BigUint64Array(memory.buffer, 0, (pages * 65_536) / 8)
  const wordsPerPage = osPageBytes / 8
  for (let at = 0; at < words.length; at += wordsPerPage) {
    if (isZero(words, at, at + wordsPerPage)) continue
    heap.write(at * 8, bytes.subarray(at * 8, at * 8 + osPageBytes))
  }
  return heap
}

/** A heap as sparse pages. */
export type SparseHeap = Pick<PagedMemory, 'sizePages' | 'pageEntries'>

/** Whether a 4 KiB page holds nothing but zeros. */
export function isZeroPage(page: Uint8Array): boolean {
  return new Int32Array(page.buffer, page.byteOffset, page.byteLength / 4).every((word) => word === 0)
}

/** Fills a fresh memory from sparse pages. */
export function fillHeap(memory: WebAssembly.Memory, heap: SparseHeap): void {
  const bytes = new Uint8Array(memory.buffer)
  for (const [index, page] of heap.pageEntries()) bytes.set(page, index * osPageBytes)
}

function isZero(words: BigUint64Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (words[i] !== 0n) return false
  return true
}
