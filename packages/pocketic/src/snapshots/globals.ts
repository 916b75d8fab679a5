/** Globals of a module as the metadata of a snapshot write them: `{"i32": 5}`. */
import type { managementTypes } from '@tidemark/bindings'
import { malformed } from '../wire/apiError.ts'
import { fieldsOf, naturalOf } from '../wire/fields.ts'
import type { JsonValue } from '../wire/json.ts'

/** JSON has no form for infinities and for what is no number: they become null, which is no global when it is read. */
export function globalJson(global: managementTypes.GlobalValue): JsonValue {
  return { ...global }
}

/** @throws MalformedError */
export function globalOf(value: unknown): managementTypes.GlobalValue {
  const [[type, number] = [], ...others] = Object.entries(fieldsOf(value, 'A global'))
  if (others.length > 0) throw malformed('A global must have one type')
  switch (type) {
    case 'i32':
      return { i32: Number(signedOf(number, 32)) }
    case 'i64':
      return { i64: signedOf(number, 64) }
    case 'f32':
      return { f32: floatOf(number) }
    case 'f64':
      return { f64: floatOf(number) }
    case 'v128':
      return { v128: naturalOf(number, 128, '`v128`') }
    default:
      throw malformed('A global must be of a type that modules have')
  }
}

function signedOf(value: unknown, bits: number): bigint {
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value)
  const number = isWhole ? BigInt(value as bigint | number) : undefined
  if (number === undefined || BigInt.asIntN(bits, number) !== number) throw malformed(`\`i${bits}\` must be a whole number of ${bits} bits`)
  return number
}

function floatOf(value: unknown): number {
  if (typeof value !== 'number' && typeof value !== 'bigint') throw malformed('A floating-point global must be a number')
  return Number(value)
}
