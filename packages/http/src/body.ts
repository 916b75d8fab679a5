/** Reading request bodies with a limit that holds whatever the client claims. */
import { HttpError } from './httpError.ts'

/** @throws HttpError 413 as soon as more than `bytesMax` bytes have come */
export async function readBody(request: Request, bytesMax: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) throw new HttpError(413, 'length limit exceeded')
  if (request.body === null) return new Uint8Array(0)
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = request.body.getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length
    if (length > bytesMax) {
      await reader.cancel()
      throw new HttpError(413, 'Failed to buffer the request body: length limit exceeded')
    }
    chunks.push(part.value)
  }
  const [only] = chunks
  if (chunks.length === 1 && only !== undefined) return only
  const body = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.length
  }
  return body
}
