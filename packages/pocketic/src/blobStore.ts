/** Blobs that clients leave here to name them by their hash later, shared by all instances. */
import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { toHex } from '@tidemark/types'
import { badRequest } from './wire/apiError.ts'

/** Longest blob after decompression, bytes. */
const blobBytesMax = 512 * 1024 * 1024

interface Blob {
  readonly bytes: Uint8Array
  readonly isCompressed: boolean
}

export class BlobStore {
  readonly #blobs = new Map<string, Blob>()

  /** Keeps a blob as it came. @param encoding - of its content: `gzip` or none. @returns the answer with its SHA-256 */
  accept(bytes: Uint8Array, encoding: string | null): Response {
    if (encoding !== null && encoding !== 'gzip') {
      return new Response("Bad encoding: Only 'gzip' content encoding is supported", { status: 400 })
    }
    const hash = createHash('sha256').update(bytes).digest('hex')
    this.#blobs.set(hash, { bytes, isCompressed: encoding === 'gzip' })
    return new Response(hash)
  }

  /** The answer with a blob as it came; 404 when there is none, 400 for a name that is no hash. */
  answer(hash: string): Response {
    if (!/^(?:[0-9a-f]{2})*$/i.test(hash)) return new Response(null, { status: 400 })
    const blob = this.#blobs.get(hash.toLowerCase())
    if (blob === undefined) return new Response(null, { status: 404 })
    return new Response(Uint8Array.from(blob.bytes), blob.isCompressed ? { headers: { 'content-encoding': 'gzip' } } : {})
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
