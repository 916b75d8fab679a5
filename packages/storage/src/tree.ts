/** Trees: a state without its long byte strings, which it names by their hashes. */
import type { PortableValue } from '@tidemark/state'
import { toHex } from '@tidemark/types'
import { ByteReader } from './byteReader.ts'
import { ByteWriter } from './byteWriter.ts'
import { CorruptStateError } from './errors.ts'
import { hashOf } from './pack.ts'
import type { PackStore, UsedBlobs } from './packStore.ts'
import { readValue, writeValue } from './valueCodec.ts'

const hashBytes = 32

/** The bytes of a tree, and the byte strings that it needs. */
export function writeTree(
  about: unknown,
  state: PortableValue,
  packs: PackStore,
): { readonly tree: Uint8Array; readonly blobs: UsedBlobs } {
  const numbers = new Map<string, number>()
  const byHash = new Map<string, Uint8Array>()
  let totalBytes = 0
  const content = new ByteWriter()
  writeValue(content, state, (bytes) => {
    const hash = hashOf(bytes)
    const known = numbers.get(hash)
    if (known !== undefined) return known
    numbers.set(hash, numbers.size)
    byHash.set(hash, bytes)
    totalBytes += bytes.length
    return numbers.size - 1
  })
  const blobs = { byHash, totalBytes }
  const tree = new ByteWriter()
  tree.text(JSON.stringify(about))
  for (const hashes of [packs.plan(blobs).packs, [...numbers.keys()]]) {
    tree.natural(hashes.length)
    for (const hash of hashes) tree.raw(Buffer.from(hash, 'hex'))
  }
  tree.raw(content.taken())
  return { tree: tree.taken(), blobs }
}

/** @param file - to name in errors. @throws CorruptStateError */
export function readTree(bytes: Uint8Array, packs: PackStore, file: string): { readonly about: unknown; readonly state: PortableValue } {
  const from = new ByteReader(bytes)
  const hashes = (): string[] => Array.from({ length: from.natural() }, () => toHex(from.raw(hashBytes)))
  try {
    const about: unknown = JSON.parse(from.text())
    const blobs = packs.load(hashes())
    const names = hashes()
    const state = readValue(from, (number) => blobNamed(blobs, names[number]))
    if (!from.isAtEnd) throw new RangeError('there is more in it than a state')
    return { about, state }
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError) throw new CorruptStateError(`${file} is damaged: ${error.message}`)
    throw error
  }
}

/** A copy, because a pack would stay in memory as long as one of its byte strings does. */
function blobNamed(blobs: ReadonlyMap<string, Uint8Array>, hash: string | undefined): Uint8Array {
  const bytes = hash === undefined ? undefined : blobs.get(hash)
  if (bytes === undefined) throw new RangeError(`a byte string is in none of its packs: ${String(hash)}`)
  return new Uint8Array(bytes)
}
