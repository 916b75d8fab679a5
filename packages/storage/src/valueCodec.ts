/**
 * Portable values as bytes: a byte that names the kind, then the content. Long byte strings are left out and named by a
 * number: equal ones, such as the pages of two canisters with one program, are kept once.
 */
import { PersistentMap, PortableObject, type PortableValue } from '@tidemark/state'
import { Principal } from '@tidemark/types'
import type { ByteReader } from './byteReader.ts'
import type { ByteWriter } from './byteWriter.ts'

const kinds = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  natural: 4,
  number: 5,
  positive: 6,
  negative: 7,
  text: 8,
  bytes: 9,
  blob: 10,
  principal: 11,
  list: 12,
  map: 13,
  set: 14,
  persistentMap: 15,
  record: 16,
  object: 17,
} as const

/** Byte strings from this length on are left out. */
const blobBytesMin = 512

/** @param keep - takes a long byte string, and gives the number that names it */
export function writeValue(to: ByteWriter, value: PortableValue, keep: (bytes: Uint8Array) => number): void {
  const write = (part: PortableValue): void => writeValue(to, part, keep)
  if (value === undefined) return to.byte(kinds.undefined)
  if (value === null) return to.byte(kinds.null)
  if (typeof value === 'boolean') return to.byte(value ? kinds.true : kinds.false)
  if (typeof value === 'number') return writeNumber(to, value)
  if (typeof value === 'bigint') return writeInteger(to, value)
  if (typeof value === 'string') {
    to.byte(kinds.text)
    return to.text(value)
  }
  if (value instanceof Uint8Array) {
    const isLong = value.length >= blobBytesMin
    to.byte(isLong ? kinds.blob : kinds.bytes)
    return isLong ? to.natural(keep(value)) : to.bytes(value)
  }
  if (value instanceof Principal) {
    to.byte(kinds.principal)
    return to.bytes(value.bytes)
  }
  if (value instanceof PortableObject) {
    to.byte(kinds.object)
    to.text(value.className)
    return write(value.content)
  }
  if (Array.isArray(value)) return writeMany(to, kinds.list, value, write)
  if (value instanceof Set) return writeMany(to, kinds.set, [...value], write)
  if (value instanceof Map) return writeMany(to, kinds.map, [...value], (pair) => pair.forEach(write))
  if (value instanceof PersistentMap) return writeMany(to, kinds.persistentMap, inOrder(value), (pair) => pair.forEach(write))
  writeMany(to, kinds.record, Object.entries(value), ([name, part]) => {
    to.text(name)
    write(part as PortableValue)
  })
}

/** @param blob - the byte string of a number. @throws RangeError for bytes that `writeValue` did not write */
export function readValue(from: ByteReader, blob: (number: number) => Uint8Array): PortableValue {
  const read = (): PortableValue => readValue(from, blob)
  const many = <Part>(part: () => Part): Part[] => Array.from({ length: from.natural() }, part)
  const pair = (): [PortableValue, PortableValue] => [read(), read()]
  const kind = from.byte()
  switch (kind) {
    case kinds.undefined:
      return undefined
    case kinds.null:
      return null
    case kinds.false:
    case kinds.true:
      return kind === kinds.true
    case kinds.natural:
      return from.natural()
    case kinds.number:
      return from.double()
    case kinds.positive:
      return BigInt(`0x${from.text()}`)
    case kinds.negative:
      return -BigInt(`0x${from.text()}`)
    case kinds.text:
      return from.text()
    case kinds.bytes:
      return from.bytes()
    case kinds.blob:
      return blob(from.natural())
    case kinds.principal:
      return Principal.fromBytes(from.bytes())
    case kinds.list:
      return many(read)
    case kinds.set:
      return new Set(many(read))
    case kinds.map:
      return new Map(many(pair))
    case kinds.persistentMap:
      return PersistentMap.of(many(pair) as [number | string, PortableValue][])
    case kinds.record:
      return Object.fromEntries(many(() => [from.text(), read()]))
    case kinds.object:
      return new PortableObject(from.text(), read())
    default:
      throw new RangeError(`there is no kind of value ${kind}`)
  }
}

function writeNumber(to: ByteWriter, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)) {
    to.byte(kinds.natural)
    to.natural(value)
  } else {
    to.byte(kinds.number)
    to.double(value)
  }
}

function writeInteger(to: ByteWriter, value: bigint): void {
  to.byte(value < 0n ? kinds.negative : kinds.positive)
  to.text((value < 0n ? -value : value).toString(16))
}

function writeMany<Part>(to: ByteWriter, kind: number, parts: readonly Part[], write: (part: Part) => void): void {
  to.byte(kind)
  to.natural(parts.length)
  for (const part of parts) write(part)
}

/** By key, so that equal states are equal bytes. */
function inOrder(map: PersistentMap<number | string, PortableValue>): (readonly [number | string, PortableValue])[] {
  return [...map.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
}
