/** Digests of bodies as version 1 of the protocol certifies them: of the content, whatever encoding it was sent in. */
import { sha256 } from '@noble/hashes/sha2.js'
import { owned } from '../../apiMessages.ts'
import { VerificationError } from './verificationError.ts'

const formats: Readonly<Record<string, CompressionFormat>> = { gzip: 'gzip', deflate: 'deflate-raw' }

/** SHA-256 of the decoded body, 32 bytes; a body in an unknown encoding counts as it is. @throws VerificationError */
export async function decodedBodyDigest(body: Uint8Array, encoding: string | undefined): Promise<Uint8Array> {
  const format = encoding === undefined ? undefined : formats[encoding]
  if (format === undefined) return sha256(body)
  // Piece by piece: a small body may decode to a very long one.
  const hasher = sha256.create()
  const reader = new Response(owned(body)).body?.pipeThrough(new DecompressionStream(format)).getReader()
  try {
    for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) hasher.update(part.value)
  } catch (error) {
    throw new VerificationError(`IO error: "${error instanceof Error ? error.message : String(error)}"`)
  }
  return hasher.digest()
}
