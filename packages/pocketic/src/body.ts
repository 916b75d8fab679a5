/** Bodies of requests. */
import { ApiError, badRequest } from './wire/apiError.ts'
import { type Fields, fieldsOf } from './wire/fields.ts'
import { parseJson } from './wire/json.ts'

/** Longest body that is read, bytes. */
const bodyBytesMax = 384 * 1024 * 1024

/** @throws ApiError 413 */
export async function readBytes(request: Request): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of request.body ?? []) {
    length += part.length
    if (length > bodyBytesMax) throw new ApiError(413, `The body is longer than ${bodyBytesMax} bytes`)
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}

/** The JSON object in the body; an empty body, an empty text and `null` count as an object without members. @throws ApiError 400 */
export async function readFields(request: Request): Promise<Fields> {
  const text = Buffer.from(await readBytes(request)).toString()
  if (text.trim() === '') return {}
  let value: unknown
  try {
    value = parseJson(text)
  } catch (error) {
    throw badRequest(`Failed to parse the request body as JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  return value === '' || value === null ? {} : fieldsOf(value, 'The request body')
}
