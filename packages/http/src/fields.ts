/** Fields of decoded CBOR maps, checked for their type where they are read. */

export type Fields = ReadonlyMap<unknown, unknown>

/** A map that lacks a field or holds something else in it. */
export class FieldError extends Error {
  override readonly name = 'FieldError'
}

interface FieldTypes {
  bytes: Uint8Array
  text: string
  nat: bigint
  list: readonly unknown[]
  map: Fields
}

export function fieldsOf(value: unknown, what: string): Fields {
  if (value instanceof Map) return value
  throw new FieldError(`${what}: expected a map`)
}

export function required<Type extends keyof FieldTypes>(fields: Fields, name: string, type: Type): FieldTypes[Type] {
  const value = optional(fields, name, type)
  if (value === undefined) throw new FieldError(`missing field "${name}"`)
  return value
}

/** `undefined` when the field is absent or null. */
export function optional<Type extends keyof FieldTypes>(fields: Fields, name: string, type: Type): FieldTypes[Type] | undefined {
  const value = fields.get(name)
  if (value === undefined || value === null) return undefined
  const checked = readers[type](value)
  if (checked === undefined) throw new FieldError(`field "${name}" must be ${described[type]}`)
  return checked
}

const described: Record<keyof FieldTypes, string> = {
  bytes: 'bytes',
  text: 'a text',
  nat: 'a natural number',
  list: 'a list',
  map: 'a map',
}

const readers: { [Type in keyof FieldTypes]: (value: unknown) => FieldTypes[Type] | undefined } = {
  bytes: (value) => (value instanceof Uint8Array ? value : undefined),
  text: (value) => (typeof value === 'string' ? value : undefined),
  nat: (value) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return BigInt(value)
    return typeof value === 'bigint' && value >= 0n ? value : undefined
  },
  list: (value) => (Array.isArray(value) ? value : undefined),
  map: (value) => (value instanceof Map ? value : undefined),
}
