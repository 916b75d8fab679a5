import type { Cursor } from './cursor.ts'
import { Unsupported } from './unsupported.ts'

/** Codes of types in a message. */
export const code = {
  null: -1,
  bool: -2,
  nat: -3,
  nat8: -5,
  nat16: -6,
  nat32: -7,
  nat64: -8,
  text: -15,
  reserved: -16,
  opt: -18,
  vec: -19,
  record: -20,
  variant: -21,
  principal: -24,
} as const

/** A field of a record or a case of a variant, by the hash of its name. */
export interface WireField {
  readonly id: number
  readonly type: number
}

/** An entry of a message's type table. */
export type WireType =
  | { readonly kind: 'opt' | 'vec'; readonly type: number }
  | { readonly kind: 'record' | 'variant'; readonly fields: readonly WireField[] }

/** What a message says of itself before its values. Types are table indexes, or negative codes of primitives. */
export interface MessageTypes {
  readonly table: readonly WireType[]
  readonly values: readonly number[]
}

const magic = 'DIDL'

/**
 * Reads a message up to its values.
 *
 * @throws {Unsupported} when the table has functions or services
 * @throws {Error} when it is no Candid message
 */
export function readMessageTypes(cursor: Cursor): MessageTypes {
  for (const letter of magic) if (cursor.byte() !== letter.charCodeAt(0)) throw new Error('This is no Candid message.')
  const table = repeat(cursor.size(), () => readWireType(cursor))
  return { table, values: repeat(cursor.size(), () => cursor.reference()) }
}

function readWireType(cursor: Cursor): WireType {
  const kind = cursor.reference()
  if (kind === code.opt) return { kind: 'opt', type: cursor.reference() }
  if (kind === code.vec) return { kind: 'vec', type: cursor.reference() }
  const readField = () => ({ id: cursor.size(), type: cursor.reference() })
  if (kind === code.record) return { kind: 'record', fields: repeat(cursor.size(), readField) }
  if (kind === code.variant) return { kind: 'variant', fields: repeat(cursor.size(), readField) }
  throw new Unsupported(`A type of code ${kind}`)
}

function repeat<T>(count: number, read: () => T): readonly T[] {
  const items: T[] = []
  for (let index = 0; index < count; index += 1) items.push(read())
  return items
}
