/** Blobs that clients leave here to name them by their hash later, shared by all instances. */
import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { toHex } from '@tidemark/types'
import { ApiError, badRequest } from './wire/apiError.ts'

/** Longest blob after decompression, bytes. */
const blobBytesMax = 512 * 1024 * 1024

interface Blob {
  readonly bytes: Uint8Array
  readonly isCompressed: boolean
}

export class BlobStore {
  readonly #blobs = new Map<string, Blob>()

  /** Keeps a blob as it came. @param encoding - of its content: `gzip` or none. @returns the SHA-256 of the bytes, in hexadecimal */
  add(bytes: Uint8Array, encoding: string | null): string {
    if (encoding !== null && encoding !== 'gzip' && encoding !== 'identity') throw badRequest(`bad encoding: ${encoding.slice(0, 40)}`)
    const hash = createHash('sha256').update(bytes).digest('hex')
    this.#blobs.set(hash, { bytes, isCompressed: encoding === 'gzip' })
    return hash
  }

  /** A blob as it came. @throws ApiError 404 */
  get(hash: string): Blob {
    const blob = this.#blobs.get(hash.toLowerCase())
    if (blob === undefined) throw new ApiError(404, `There is no blob ${hash.slice(0, 80)}`)
    return blob
  }

  /** The content of a blob, decompressed. @throws ApiError 400 */
  content(id: Uint8Array): Uint8Array {
    const blob = this.#blobs.get(toHex(id))
    if (blob === undefined) throw badRequest('Bad blob id')
    if (!blob.isCompressed) return blob.bytes
    try {
      return new Uint8Array(gunzipSync(blob.bytes, { maxOutputLength: blobBytesMax }))
    } catch {
      throw badRequest('Decompression failed')
    }
  }
}
