/** Candid values as JSON: integers that JSON readers would round are strings, blobs are lists of bytes. */
import { type CandidValue, labelId } from './value.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** One value; a record becomes an object by field names, an absent optional an empty list. */
export function toJson(value: CandidValue): Json {
  switch (value.kind) {
    case 'null':
    case 'reserved':
      return null
    case 'none':
      return []
    case 'bool':
      return value.value
    case 'number':
      return /^(?:nat|int)(?:8|16|32)$|^float/.test(value.type ?? '') && Number.isFinite(Number(value.digits))
        ? Number(value.digits)
        : value.digits
    case 'text':
      return new TextDecoder().decode(value.bytes)
    case 'blob':
      return [...value.bytes]
    case 'principal':
    case 'service':
      return value.id
    case 'func':
      return { principal: value.id, method: value.method }
    case 'opt':
      return [toJson(value.value)]
    case 'vec':
      return value.items.map(toJson)
    case 'record':
      if (value.fields.length > 0 && value.fields.every((field, index) => labelId(field.label) === index)) {
        return value.fields.map((field) => toJson(field.value))
      }
      return Object.fromEntries(value.fields.map((field) => [keyOf(field.label), toJson(field.value)]))
    case 'variant':
      return { [keyOf(value.field.label)]: toJson(value.field.value) }
    case 'annotated':
      return toJson(value.value)
  }
}

function keyOf(label: { readonly name: string } | { readonly id: number }): string {
  return 'name' in label ? label.name : String(label.id)
}
