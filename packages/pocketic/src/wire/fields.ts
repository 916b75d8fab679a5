/** Reading the members of a request, each with a text that says which one is wrong. */
import { Principal, PrincipalError } from '@tidemark/types'
import { badRequest, malformed } from './apiError.ts'
import { bytesOfBase64 } from './base64.ts'

/** A JSON object as it came. */
export type Fields = Readonly<Record<string, unknown>>

/** @throws ApiError 422 */
export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpected(value, what, 'a JSON object')
  return value as Fields
}

/** Like `fieldsOf`; `undefined` for a member that is missing or null. */
export function optionalFields(fields: Fields, name: string): Fields | undefined {
  return isAbsent(fields[name]) ? undefined : fieldsOf(fields[name], `\`${name}\``)
}

/** Whether a member says nothing. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

/** @throws ApiError 422 */
export function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw unexpected(value, what, 'a string')
  return value
}

/** Bytes in base64, or as a list of numbers. @throws ApiError 422 */
export function bytesOf(value: unknown, what: string): Uint8Array {
  if (Array.isArray(value)) {
    const wrong = value.find((byte) => !(Number.isInteger(byte) && byte >= 0 && byte <= 255))
    if (wrong !== undefined) throw unexpected(wrong, what, 'u8')
    return Uint8Array.from(value as number[])
  }
  const decoded = bytesOfBase64(textOf(value, what))
  if ('problem' in decoded) throw malformed(`${pathOf(what)}${decoded.problem}`)
  return decoded.bytes
}

/** @param what - it is, as the protocol's errors call it. @throws ApiError 422; 400 for bytes that are no principal */
export function principalOf(value: unknown, name: string, what: string = name.replaceAll('`', '').replaceAll('_', ' ')): Principal {
  try {
    return Principal.fromBytes(bytesOf(value, name))
  } catch (error) {
    if (error instanceof PrincipalError) throw badRequest(conversionError(`Bad ${what}`))
    throw error
  }
}

/** A whole number from 0 to the largest that the given number of bits holds. @throws ApiError 422 */
export function naturalOf(value: unknown, bits: number, what: string): bigint {
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value)
  const number = isWhole ? BigInt(value as bigint | number) : -1n
  if (number < 0n || number >= 1n << BigInt(bits)) throw unexpected(value, what, `u${bits}`)
  return number
}

/** @throws ApiError 422 */
export function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw unexpected(value, what, 'a sequence')
  return value
}

/** How the protocol writes that a value of the right type stands for nothing. */
export function conversionError(message: string): string {
  return `ConversionError { message: "${message}" }`
}

/** @param what - a member in backticks, or words for what has no name */
function unexpected(value: unknown, what: string, expected: string): Error {
  if (value === undefined && what.startsWith('`')) return malformed(`missing field ${what}`)
  const isNumber = typeof value === 'bigint' || Number.isSafeInteger(value)
  const kind = isNumber && /^u\d+$/.test(expected) ? 'value' : 'type'
  return malformed(`${pathOf(what)}invalid ${kind}: ${described(value)}, expected ${expected}`)
}

function pathOf(what: string): string {
  return what.startsWith('`') ? `${what.replaceAll('`', '')}: ` : ''
}

function described(value: unknown): string {
  if (isAbsent(value)) return 'null'
  if (typeof value === 'string') return `string ${JSON.stringify(value.slice(0, 100))}`
  if (typeof value === 'boolean') return `boolean \`${value}\``
  if (typeof value === 'bigint') return `integer \`${value}\``
  if (typeof value === 'number') return `${Number.isInteger(value) ? 'integer' : 'floating point'} \`${value}\``
  return Array.isArray(value) ? 'sequence' : 'map'
}
