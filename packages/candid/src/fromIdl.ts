/** Turns what the agent's IDL decoded back into Candid values, with the types that were decoded. */
import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import { CandidError } from './tokens.ts'
import { type CandidValue, labelOfKey, type NumberType } from './value.ts'
import { readWireTypes } from './wireTypes.ts'

/**
 * Decodes a reply.
 *
 * @param types - the method's result types; without them the message's own types are used, which know fields by number only
 * @throws CandidError when the bytes are no such message
 */
export function decodeValues(bytes: Uint8Array, types?: readonly IDL.Type[]): CandidValue[] {
  const known = types ?? readWireTypes(bytes)
  let decoded: unknown[]
  try {
    decoded = IDL.decode([...known], bytes)
  } catch (error) {
    throw new CandidError(`the bytes do not decode as (${known.map((type) => type.name).join(', ')}): ${messageOf(error)}`)
  }
  return known.map((type, index) => fromIdl(decoded[index], type))
}

/** One decoded value. @throws CandidError when the value is not of the type, which is a defect of the decoder */
export function fromIdl(value: unknown, type: IDL.Type): CandidValue {
  if (type instanceof IDL.RecClass) return fromIdl(value, type.getType() ?? IDL.Empty)
  if (type instanceof IDL.NullClass) return { kind: 'null' }
  if (type instanceof IDL.ReservedClass) return { kind: 'reserved' }
  if (type instanceof IDL.BoolClass) return { kind: 'bool', value: value === true }
  if (type instanceof IDL.TextClass) return { kind: 'text', bytes: new TextEncoder().encode(String(value)) }
  const number = numberTypeOf(type)
  if (number !== undefined) return { kind: 'number', digits: digitsOf(value, number), type: number }
  if (type instanceof IDL.PrincipalClass) return { kind: 'principal', id: principalText(value) }
  if (type instanceof IDL.ServiceClass) return { kind: 'service', id: principalText(value) }
  if (type instanceof IDL.FuncClass && Array.isArray(value)) {
    return { kind: 'func', id: principalText(value[0]), method: String(value[1]) }
  }
  if (type instanceof IDL.OptClass && Array.isArray(value)) {
    return value.length === 0 ? { kind: 'none' } : { kind: 'opt', value: fromIdl(value[0], type._type) }
  }
  if (type instanceof IDL.VecClass) return vector(value, type)
  if (type instanceof IDL.RecordClass && isObject(value)) {
    const fields = type._fields.map(([key, fieldType], index) => ({
      label: labelOfKey(key),
      value: fromIdl(Array.isArray(value) ? value[index] : value[key], fieldType),
    }))
    return { kind: 'record', fields }
  }
  if (type instanceof IDL.VariantClass && isObject(value)) {
    const chosen = type._fields.find(([key]) => Object.hasOwn(value, key))
    if (chosen !== undefined) {
      return { kind: 'variant', field: { label: labelOfKey(chosen[0]), value: fromIdl(value[chosen[0]], chosen[1]) } }
    }
  }
  throw new CandidError(`a decoded value is not of type ${type.display()}`)
}

function vector(value: unknown, type: IDL.VecClass<unknown>): CandidValue {
  if (value instanceof Uint8Array) return { kind: 'blob', bytes: value }
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) throw new CandidError('a decoded list is no list')
  const items = Array.from(value as Iterable<unknown>, (item) => fromIdl(item, type._type))
  return { kind: 'vec', items }
}

function numberTypeOf(type: IDL.Type): NumberType | undefined {
  if (type instanceof IDL.NatClass) return 'nat'
  if (type instanceof IDL.IntClass) return 'int'
  if (type instanceof IDL.FloatClass) return type._bits === 32 ? 'float32' : 'float64'
  if (type instanceof IDL.FixedNatClass) return `nat${type._bits}` as NumberType
  if (type instanceof IDL.FixedIntClass) return `int${type._bits}` as NumberType
  return undefined
}

function digitsOf(value: unknown, type: NumberType): string {
  if (typeof value !== 'number' || !type.startsWith('float')) return String(value)
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'inf' : '-inf'
  const shortest = type === 'float32' ? shortestFloat32(value) : value
  if (Object.is(shortest, -0)) return '-0.0'
  const plain = withoutExponent(String(shortest))
  return plain.includes('.') ? plain : `${plain}.0`
}

/** The shortest decimal that reads back as the same 32-bit number. */
function shortestFloat32(value: number): number {
  for (let precision = 1; precision < 9; precision++) {
    const candidate = Number(value.toPrecision(precision))
    if (Math.fround(candidate) === value) return candidate
  }
  return value
}

function withoutExponent(digits: string): string {
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(digits)
  if (parts === null) return digits
  const [, sign = '', first = '', rest = '', exponent = '0'] = parts
  const shift = Number(exponent)
  const all = first + rest
  if (shift < 0) return `${sign}0.${'0'.repeat(-shift - 1)}${all}`
  return `${sign}${all.padEnd(shift + 1, '0')}`
}

function principalText(value: unknown): string {
  if (value instanceof Principal) return value.toText()
  throw new CandidError('a decoded principal is none')
}

function isObject(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
