/** Blobs that clients leave here to name them by their hash later, shared by all instances. */
import type { WholeAnswer } from '@tidemark/listen'
import { toHex } from '@tidemark/types'
import { emptyAnswer, textAnswer } from './answers.ts'
import { sha256Hex } from './sha256.ts'
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
  accept(bytes: Uint8Array, encoding: string | undefined): WholeAnswer {
    if (encoding !== undefined && encoding !== 'gzip') {
      return textAnswer(400, "Bad encoding: Only 'gzip' content encoding is supported")
    }
    const hash = sha256Hex(bytes)
    this.#blobs.set(hash, { bytes, isCompressed: encoding === 'gzip' })
    return textAnswer(200, hash)
  }

  /** The answer with a blob as it came; 404 when there is none, 400 for a name that is no hash. */
  answer(hash: string): WholeAnswer {
    if (!/^(?:[0-9a-f]{2})*$/i.test(hash)) return emptyAnswer(400)
    const blob = this.#blobs.get(hash.toLowerCase())
    if (blob === undefined) return emptyAnswer(404)
    const encoding: Record<string, string> = blob.isCompressed ? { 'content-encoding': 'gzip' } : {}
    return { status: 200, headers: { 'content-type': 'application/octet-stream', ...encoding }, body: blob.bytes }
  }

  /** The content of a blob, decompressed. @throws ApiError 400 */
  content(id: Uint8Array): Uint8Array {
    const blob = this.#blobs.get(toHex(id))
    if (blob === undefined) throw badRequest('Bad blob id')
    if (!blob.isCompressed) return blob.bytes
    const { gunzipSync } = process.getBuiltinModule('node:zlib')
    try {
      return new Uint8Array(gunzipSync(blob.bytes, { maxOutputLength: blobBytesMax }))
    } catch {
      throw badRequest('Decompression failed')
    }
  }
}
