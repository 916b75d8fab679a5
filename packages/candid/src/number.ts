/** Number literals against number types. */
import { IDL } from '@dfinity/candid'
import { CandidError } from './tokens.ts'

/** The integer that a literal such as `-12` or `0x1f` stands for; undefined when it has a fraction or an exponent. */
export function integerOf(digits: string): bigint | undefined {
  const negative = digits.startsWith('-')
  const magnitude = negative ? digits.slice(1) : digits
  if (!/^(?:0[xX][0-9a-fA-F]+|[0-9]+)$/.test(magnitude)) return undefined
  return negative ? -BigInt(magnitude) : BigInt(magnitude)
}

/**
 * A literal as the value of a number type; undefined when the type is no number.
 *
 * @throws CandidError when the number does not fit the type
 */
export function numberOf(digits: string, type: IDL.Type, place: string): number | bigint | undefined {
  if (type instanceof IDL.FloatClass) {
    const whole = integerOf(digits)
    return whole === undefined ? Number(digits) : Number(whole)
  }
  const range = rangeOf(type)
  if (range === undefined) return undefined
  const integer = integerOf(digits)
  if (integer === undefined) throw new CandidError(`${place}: ${digits} is no integer, but ${type.display()} is wanted`)
  if ((range.min !== undefined && integer < range.min) || (range.max !== undefined && integer > range.max)) {
    throw new CandidError(`${place}: ${integer} does not fit ${type.display()}`)
  }
  const isNarrow = (type instanceof IDL.FixedNatClass || type instanceof IDL.FixedIntClass) && type._bits <= 32
  return isNarrow ? Number(integer) : integer
}

function rangeOf(type: IDL.Type): { readonly min?: bigint; readonly max?: bigint } | undefined {
  if (type instanceof IDL.NatClass) return { min: 0n }
  if (type instanceof IDL.IntClass) return {}
  if (type instanceof IDL.FixedNatClass) return { min: 0n, max: (1n << BigInt(type._bits)) - 1n }
  if (type instanceof IDL.FixedIntClass) {
    const half = 1n << BigInt(type._bits - 1)
    return { min: -half, max: half - 1n }
  }
  return undefined
}
