import type { Cursor } from './cursor.ts'
import { Unsupported } from './unsupported.ts'
import { code, type MessageTypes, type WireField } from './wireTypes.ts'

const fixedSizes: ReadonlyMap<number, number> = new Map([
  [code.null, 0],
  [code.reserved, 0],
  [code.bool, 1],
  [code.nat8, 1],
  [code.nat16, 2],
  [code.nat32, 4],
  [code.nat64, 8],
])

/**
 * Passes over a value that nobody asked for. A list whose elements take no bytes could
 * claim any length, and is refused.
 *
 * @throws {Unsupported} for types that occur in no reply the monitor reads
 */
export function skip(cursor: Cursor, type: number, types: MessageTypes): void {
  const size = fixedSizes.get(type)
  if (size !== undefined) return void cursor.take(size)
  if (type === code.nat) return void cursor.nat()
  if (type === code.text) return void cursor.take(cursor.size())
  if (type === code.principal) return void (cursor.byte() === 1 && cursor.take(cursor.size()))
  const wire = types.table[type]
  if (wire === undefined) throw new Unsupported(`Skipping a type of code ${type}`)
  switch (wire.kind) {
    case 'opt':
      if (cursor.byte() === 1) skip(cursor, wire.type, types)
      return
    case 'vec':
      return skipList(cursor, wire.type, types)
    case 'record':
      for (const field of wire.fields) skip(cursor, field.type, types)
      return
    case 'variant':
      return skipCase(cursor, wire.fields, types)
  }
}

function skipList(cursor: Cursor, type: number, types: MessageTypes): void {
  for (let rest = cursor.size(); rest > 0; rest -= 1) {
    const before = cursor.at
    skip(cursor, type, types)
    if (cursor.at === before) throw new Unsupported('Skipping a list of elements that take no bytes')
  }
}

function skipCase(cursor: Cursor, cases: readonly WireField[], types: MessageTypes): void {
  const chosen = cases[cursor.size()]
  if (chosen === undefined) throw new RangeError('A variant has no such case.')
  skip(cursor, chosen.type, types)
}
