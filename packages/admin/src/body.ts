/** Bodies and answers: small JSON objects. */
import { AdminError } from './adminError.ts'

const bodyBytesMax = 65_536

export type Fields = Readonly<Record<string, unknown>>

/** The fields of a request's body; none for an empty one. @throws AdminError when it is no JSON object, or too long */
export async function readFields(request: Request): Promise<Fields> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') throw new AdminError('unsupported_media_type', 'The content type must be application/json.')
  const text = await readText(request)
  if (text.trim() === '') return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new AdminError('invalid_request', 'The body is no JSON.')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AdminError('invalid_request', 'The body must be a JSON object.')
  }
  return value as Fields
}

async function readText(request: Request): Promise<string> {
  if (request.body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (const reader = request.body.getReader(); ;) {
    const part = await reader.read()
    if (part.done) return text + decoder.decode()
    bytes += part.value.length
    if (bytes > bodyBytesMax) {
      await reader.cancel()
      throw new AdminError('body_too_large', `The body has more than ${bodyBytesMax} bytes.`)
    }
    text += decoder.decode(part.value, { stream: true })
  }
}

/** Nanoseconds in decimal digits, or a small whole number. @throws AdminError otherwise */
export function nanosField(fields: Fields, name: string): bigint {
  const value = fields[name]
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return BigInt(value)
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value)
  throw new AdminError('invalid_request', `"${name}" must be nanoseconds in decimal digits.`)
}

/** A whole number from 1. @throws AdminError otherwise */
export function countOf(value: unknown, name: string, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) return value
  throw new AdminError('invalid_request', `"${name}" must be a whole number from 1 to ${max}.`)
}

/** @throws AdminError when it is there and no text */
export function textField(fields: Fields, name: string): string | undefined {
  const value = fields[name]
  if (value === undefined || typeof value === 'string') return value
  throw new AdminError('invalid_request', `"${name}" must be a text.`)
}

/** @throws AdminError when it is there and neither true nor false */
export function switchField(fields: Fields, name: string): boolean {
  const value = fields[name] ?? false
  if (typeof value === 'boolean') return value
  throw new AdminError('invalid_request', `"${name}" must be true or false.`)
}

export function jsonAnswer(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${JSON.stringify(value)}\n`, { status, headers: { ...plainHeaders('application/json'), ...headers } })
}

/** Nothing that is answered here may be kept, guessed at, or shown in a frame. */
export function plainHeaders(contentType: string): Record<string, string> {
  return {
    'content-type': contentType,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  }
}
