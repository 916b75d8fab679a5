/** Bodies of requests. */
import type { ApiRequest } from './apiRequest.ts'
import { ApiError, PlainError } from './wire/apiError.ts'
import { type Fields, fieldsOf } from './wire/fields.ts'
import { parseJson } from './wire/json.ts'

/** Longest body that is read, bytes. */
const bodyBytesMax = 384 * 1024 * 1024

/** @throws ApiError 413 */
export async function readBytes(request: ApiRequest): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of request.parts()) {
    length += part.length
    if (length > bodyBytesMax) throw new ApiError(413, `The body is longer than ${bodyBytesMax} bytes`)
    parts.push(part)
  }
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : new Uint8Array(Buffer.concat(parts))
}

/** The text of the body. @throws ApiError 413 */
export async function readText(request: ApiRequest): Promise<string> {
  return Buffer.from(await readBytes(request)).toString()
}

/** The JSON object in a body. @throws ApiError 413, 400 for no JSON, 422 for no object */
export async function readFields(request: ApiRequest): Promise<Fields> {
  return parseFields(await readText(request))
}

/** A JSON object; an empty text, an empty JSON text and `null` count as one without members. @throws ApiError 400, 422 */
export function parseFields(text: string): Fields {
  if (text.trim() === '') return {}
  let value: unknown
  try {
    value = parseJson(text)
  } catch (error) {
    throw new PlainError(400, `Failed to parse the request body as JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  return value === '' || value === null ? {} : fieldsOf(value, 'The request body')
}
