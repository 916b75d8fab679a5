/** Reading the members of a request, each with a text that says which one is wrong. */
import { Principal, PrincipalError } from '@tidemark/types'
import { badRequest, malformed } from './apiError.ts'
import { fromBase64 } from './base64.ts'

/** A JSON object as it came. */
export type Fields = Readonly<Record<string, unknown>>

/** @throws ApiError 422 */
export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(`${what} must be a JSON object`)
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
  if (typeof value !== 'string') throw malformed(`${what} must be a string`)
  return value
}

/** Bytes in base64, or as a list of numbers. @throws ApiError 422 */
export function bytesOf(value: unknown, what: string): Uint8Array {
  if (Array.isArray(value)) {
    if (!value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255)) throw malformed(`${what} must be a list of bytes`)
    return Uint8Array.from(value as number[])
  }
  const bytes = fromBase64(textOf(value, what))
  if (bytes === undefined) throw malformed(`${what} is not valid base64`)
  return bytes
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
  if (number < 0n || number >= 1n << BigInt(bits)) throw malformed(`${what} must be a whole number of at most ${bits} bits`)
  return number
}

/** @throws ApiError 422 */
export function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(`${what} must be a list`)
  return value
}

/** How the protocol writes that a value of the right type stands for nothing. */
export function conversionError(message: string): string {
  return `ConversionError { message: "${message}" }`
}
