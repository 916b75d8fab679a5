/**
 * Packs: many byte strings in one file, each by its SHA-256. The head says which there are and how long, so that a pack is
 * known without its content.
 */
import { toHex } from '@tidemark/types'
import { ByteReader } from './byteReader.ts'
import { ByteWriter } from './byteWriter.ts'

const hashBytes = 32
/** Bytes of the length of the head. */
const headLengthBytes = 4

/** SHA-256 in hexadecimal. */
export function hashOf(...parts: readonly Uint8Array[]): string {
  // Loaded with the first hash, not by everyone who could keep a state.
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

/** A pack to be written, in the parts of its file. */
export function packOf(blobs: ReadonlyMap<string, Uint8Array>): Uint8Array[] {
  const head = new ByteWriter()
  head.natural(blobs.size)
  for (const [hash, bytes] of blobs) {
    head.raw(Buffer.from(hash, 'hex'))
    head.natural(bytes.length)
  }
  const length = new Uint8Array(headLengthBytes)
  new DataView(length.buffer).setUint32(0, head.taken().length)
  return [length, head.taken(), ...blobs.values()]
}

/** The byte strings of a pack by their hashes, as views. @throws RangeError for bytes that are no pack */
export function blobsOf(pack: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(pack.buffer, pack.byteOffset, pack.byteLength)
  const headEnd = headLengthBytes + view.getUint32(0)
  const head = new ByteReader(pack.subarray(headLengthBytes, headEnd))
  const blobs = new Map<string, Uint8Array>()
  let at = headEnd
  for (let left = head.natural(); left > 0; left--) {
    const hash = toHex(head.raw(hashBytes))
    const length = head.natural()
    if (at + length > pack.length) throw new RangeError('the pack ends early')
    blobs.set(hash, pack.subarray(at, at + length))
    at += length
  }
  return blobs
}
