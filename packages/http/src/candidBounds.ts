/**
 * Bounds the work of decoding Candid that strangers made.
 *
 * Values without bytes (null, reserved, records of such) let a few bytes stand for billions of values. Nobody needs many of them, so
 * the type table alone decides: with the tables let pass, decoding takes time in proportion to the length of the message.
 *
 * @see Candid specification, "Binary Format".
 */

const codes = { null: -1, reserved: -16, empty: -17, opt: -18, vec: -19, record: -20, variant: -21, func: -22, service: -23 } as const

/** Fields without bytes in all records of a table together. */
const sizelessFieldsMax = 32

type TypeEntry = { readonly code: number; readonly parts: readonly number[] }

/** @throws Error when the message is no Candid, or could stand for many more values than it has bytes */
export function expectBoundedCandid(message: Uint8Array): void {
  const table = readTypeTable(message)
  const isSizelessRecord = (type: number): boolean => table[type]?.code === codes.record && table[type].parts.every(isSizeless)
  let fields = 0
  for (const { code, parts } of table) {
    const sizeless = parts.filter((part) => isSizeless(part) || isSizelessRecord(part)).length
    if (code === codes.vec && sizeless > 0) throw new Error('a vector of values without bytes')
    if (code !== codes.record) continue
    fields += sizeless
    // A record of nothing but such records would itself be without bytes, and so on without end.
    if (sizeless > 0 && parts.every((part) => isSizeless(part) || isSizelessRecord(part)) && parts.some(isSizelessRecord)) {
      throw new Error('nested records without bytes')
    }
  }
  if (fields > sizelessFieldsMax) throw new Error(`more than ${sizelessFieldsMax} fields without bytes`)
}

function isSizeless(type: number): boolean {
  return type === codes.null || type === codes.reserved || type === codes.empty
}

function readTypeTable(message: Uint8Array): TypeEntry[] {
  let at = 4
  const readByte = (): number => {
    const byte = message[at++]
    if (byte === undefined) throw new Error('unexpected end of input')
    return byte
  }
  const readNumber = (signed: boolean): number => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = readByte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return signed && byte >= 0x40 ? value - scale * 128 : value
    }
  }
  /** Reads a list whose items take a byte each at least. */
  const readList = <Item>(readItem: () => Item): Item[] => {
    const length = readNumber(false)
    if (length > message.length) throw new Error('unexpected end of input')
    return Array.from({ length }, readItem)
  }
  const readType = (): number => readNumber(true)
  const readField = (): number => (readNumber(false), readType())
  const readMethod = (): number => ((at += readNumber(false)), readType())
  const readEntry = (): TypeEntry => {
    const code = readType()
    if (code === codes.opt || code === codes.vec) return { code, parts: [readType()] }
    if (code === codes.record || code === codes.variant) return { code, parts: readList(readField) }
    if (code === codes.func) return { code, parts: [...readList(readType), ...readList(readType), ...readList(readByte)] }
    if (code === codes.service) return { code, parts: readList(readMethod) }
    throw new Error(`unknown type ${code}`)
  }
  if (new TextDecoder().decode(message.subarray(0, 4)) !== 'DIDL') throw new Error('no Candid')
  return readList(readEntry)
}
