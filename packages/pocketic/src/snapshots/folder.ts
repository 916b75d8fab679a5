/** The folder of a snapshot: its metadata, and a file for each of its parts. */
import { join } from 'node:path'
import { toHex } from '@tidemark/types'

/** Parts of a snapshot that are copied in slices. */
export const blobs = [
  { kind: 'wasm_module', size: 'wasm_module_size', title: 'WASM module', isOptional: false },
  { kind: 'wasm_memory', size: 'wasm_memory_size', title: 'WASM memory', isOptional: false },
  // There is no file for no stable memory at all.
  { kind: 'stable_memory', size: 'stable_memory_size', title: 'stable memory', isOptional: true },
] as const

export type Blob = (typeof blobs)[number]

/** Longest slice that is copied in one call, bytes. */
const sliceBytes = 2_000_000

export function metadataPath(folder: string): string {
  return join(folder, 'metadata.json')
}

export function blobPath(folder: string, { kind }: Blob): string {
  return join(folder, `${kind}.bin`)
}

export function chunksPath(folder: string): string {
  return join(folder, 'wasm_chunk_store')
}

export function chunkPath(folder: string, hash: Uint8Array): string {
  return join(chunksPath(folder), `${toHex(hash)}.bin`)
}

/** The slices that a part is copied in. @param size - of the part, bytes */
export function* slicesOf(size: bigint): Generator<{ readonly offset: bigint; readonly length: number }> {
  for (let offset = 0n; offset < size; offset += BigInt(sliceBytes)) {
    const left = size - offset
    yield { offset, length: left < sliceBytes ? Number(left) : sliceBytes }
  }
}

/** An offset, or a range, in one part, as the management canister takes it. */
export function within<Range>(
  { kind }: Blob,
  range: Range,
): { readonly wasm_module: Range } | { readonly wasm_memory: Range } | { readonly stable_memory: Range } {
  switch (kind) {
    case 'wasm_module':
      return { wasm_module: range }
    case 'wasm_memory':
      return { wasm_memory: range }
    case 'stable_memory':
      return { stable_memory: range }
  }
}
