/** Where the bytes of a module come from that is to be installed. @see Interface specification, "IC method `install_chunked_code`" */
import { sha256 } from '@noble/hashes/sha2.js'
import { assemblyInstructions } from '@tidemark/cycles'
import { type Reject, RejectError, toHex } from '@tidemark/types'
import { chunkStoreError } from '../chunkStore/chunkStore.ts'

/** The bytes, or why there are none. */
export interface ModuleSource {
  /** What putting them together counts as, whether it succeeds or not. */
  readonly instructions: bigint
  readonly bytes: Uint8Array | Reject
}

/** A module that came with the call. */
export function wholeModule(bytes: Uint8Array): ModuleSource {
  return { instructions: 0n, bytes }
}

/** A module in pieces, which lie in a chunk store under their hashes. */
export function chunkedModule(
  chunks: ReadonlyMap<string, Uint8Array>,
  hashes: readonly Uint8Array[],
  expectedHash: Uint8Array,
): ModuleSource {
  const instructions = assemblyInstructions(hashes.length)
  try {
    const bytes = concatenate(hashes.map((hash) => findChunk(chunks, hash)))
    const hash = sha256(bytes)
    if (toHex(hash) === toHex(expectedHash)) return { instructions, bytes }
    throw chunkStoreError(`Wasm module hash ${printHash(hash)} does not match given hash WasmHash(${printHash(expectedHash)})`)
  } catch (thrown) {
    if (thrown instanceof RejectError) return { instructions, bytes: thrown.reject }
    throw thrown
  }
}

function findChunk(chunks: ReadonlyMap<string, Uint8Array>, hash: Uint8Array): Uint8Array {
  if (hash.length !== 32) throw chunkStoreError('Chunk hash is invalid. The length is not 32')
  const chunk = chunks.get(toHex(hash))
  if (chunk === undefined) throw chunkStoreError(`Chunk hash ${printHash(hash)} was not found`)
  return chunk
}

/** The network prints these hashes as lists of numbers. */
function printHash(hash: Uint8Array): string {
  return `[${[...hash].join(', ')}]`
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
