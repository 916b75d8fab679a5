/** Turns written Candid values into what the agent's IDL encodes, against the types that a method wants. */
import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import { textOf } from './cursor.ts'
import { typeOfAnnotation } from './interface.ts'
import { inferType } from './inferType.ts'
import { integerOf, numberOf } from './number.ts'
import { CandidError } from './tokens.ts'
import { type CandidValue, type Field, labelId } from './value.ts'

/**
 * Encodes the arguments of a call.
 *
 * @param types - the method's argument types; without them they are inferred from the values
 * @throws CandidError when a value does not fit its type, or their numbers differ
 */
export function encodeArguments(values: readonly CandidValue[], types?: readonly IDL.Type[]): Uint8Array {
  const wanted = types ?? values.map((value) => inferType(value))
  if (values.length > wanted.length) {
    throw new CandidError(`too many arguments: got ${values.length}, the method takes ${wanted.length}`)
  }
  const encodable = wanted.map((type, index) => {
    const value = values[index]
    if (value !== undefined) return toIdl(value, type, `argument ${index + 1}`)
    // Trailing optional arguments may be left out.
    if (isOptional(type)) return absent(type)
    throw new CandidError(`argument ${index + 1} is missing: the method takes ${wanted.map((each) => each.name).join(', ')}`)
  })
  return new Uint8Array(IDL.encode([...wanted], encodable))
}

/** One value of the given type as the IDL wants it. @throws CandidError naming the place when it does not fit */
export function toIdl(value: CandidValue, type: IDL.Type, place: string): unknown {
  if (value.kind === 'annotated') return toIdl(value.value, reconcile(typeOfAnnotation(value.type), type, place), place)
  if (type instanceof IDL.RecClass) return toIdl(value, contentOf(type), place)
  if (type instanceof IDL.ReservedClass) return null
  if (type instanceof IDL.OptClass) return optional(value, type, place)
  if (type instanceof IDL.NullClass && value.kind === 'null') return null
  if (type instanceof IDL.BoolClass && value.kind === 'bool') return value.value
  if (type instanceof IDL.TextClass && value.kind === 'text') return textOf(value.bytes)
  if (value.kind === 'number') {
    const number = numberOf(value.digits, type, place)
    if (number !== undefined) return number
  }
  if (type instanceof IDL.PrincipalClass && value.kind === 'principal') return principalOf(value.id, place)
  if (type instanceof IDL.ServiceClass && value.kind === 'service') return principalOf(value.id, place)
  if (type instanceof IDL.FuncClass && value.kind === 'func') return [principalOf(value.id, place), value.method]
  if (type instanceof IDL.VecClass) return vector(value, type, place)
  if (type instanceof IDL.RecordClass && value.kind === 'record') return record(value.fields, type, place)
  if (type instanceof IDL.VariantClass && value.kind === 'variant') return variant(value.field, type, place)
  throw new CandidError(`${place}: expected ${type.display()}, got ${describe(value)}`)
}

function optional(value: CandidValue, type: IDL.OptClass<unknown>, place: string): unknown {
  if (value.kind === 'null' || value.kind === 'none') return []
  if (value.kind === 'opt') return [toIdl(value.value, type._type, place)]
  throw new CandidError(
    `${place}: expected ${type.display()}, got ${describe(value)}; write opt … for a value that is there, null for none`,
  )
}

function vector(value: CandidValue, type: IDL.VecClass<unknown>, place: string): unknown {
  const isBlob = type._type instanceof IDL.FixedNatClass && type._type._bits === 8
  if (isBlob && (value.kind === 'blob' || value.kind === 'text')) return value.bytes
  if (value.kind !== 'vec') throw new CandidError(`${place}: expected ${type.display()}, got ${describe(value)}`)
  const items = value.items.map((item, index) => toIdl(item, type._type, `${place}, item ${index}`))
  return isBlob ? Uint8Array.from(items, Number) : items
}

function record(fields: readonly Field[], type: IDL.RecordClass, place: string): unknown {
  const byId = new Map(fields.map((field) => [labelId(field.label), field]))
  const entries = type._fields.map(([key, fieldType]): [string, unknown] => {
    const id = labelId({ name: key })
    const field = byId.get(id)
    byId.delete(id)
    if (field !== undefined) return [key, toIdl(field.value, fieldType, `${place}, field ${key}`)]
    if (isOptional(fieldType)) return [key, absent(fieldType)]
    throw new CandidError(`${place}: field ${key} of type ${fieldType.display()} is missing`)
  })
  const surplus = [...byId.values()][0]
  if (surplus !== undefined) {
    const name = 'name' in surplus.label ? surplus.label.name : String(surplus.label.id)
    throw new CandidError(`${place}: there is no field ${name}; the fields are ${type._fields.map(([key]) => key).join(', ') || 'none'}`)
  }
  return type instanceof IDL.TupleClass ? entries.map(([, entry]) => entry) : Object.fromEntries(entries)
}

function variant(field: Field, type: IDL.VariantClass, place: string): unknown {
  const id = labelId(field.label)
  const found = type._fields.find(([key]) => labelId({ name: key }) === id)
  if (found === undefined) {
    const name = 'name' in field.label ? field.label.name : String(field.label.id)
    throw new CandidError(`${place}: there is no case ${name}; the cases are ${type._fields.map(([key]) => key).join(', ')}`)
  }
  return Object.fromEntries([[found[0], toIdl(field.value, found[1], `${place}, case ${found[0]}`)]])
}

/** An annotation must agree with what the method wants; numbers inside their range may be widened to nat or int. */
function reconcile(annotated: IDL.Type, wanted: IDL.Type, place: string): IDL.Type {
  const target = wanted instanceof IDL.RecClass ? contentOf(wanted) : wanted
  if (target instanceof IDL.ReservedClass || IDL.subtype(annotated, target)) return target
  throw new CandidError(`${place}: expected ${wanted.display()}, got a value marked as ${annotated.display()}`)
}

function isOptional(type: IDL.Type): boolean {
  return type instanceof IDL.OptClass || type instanceof IDL.NullClass || type instanceof IDL.ReservedClass
}

function absent(type: IDL.Type): unknown {
  return type instanceof IDL.OptClass ? [] : null
}

function contentOf(type: IDL.RecClass): IDL.Type {
  const content = type.getType()
  if (content === undefined) throw new CandidError('a recursive type without a definition')
  return content
}

function principalOf(text: string, place: string): Principal {
  try {
    return Principal.fromText(text)
  } catch {
    throw new CandidError(`${place}: "${text}" is not a principal`)
  }
}

function describe(value: CandidValue): string {
  if (value.kind === 'number') return `the number ${integerOf(value.digits) ?? value.digits}`
  if (value.kind === 'text') return 'a text'
  if (value.kind === 'bool') return String(value.value)
  return value.kind === 'null' ? 'null' : `a ${value.kind}`
}
