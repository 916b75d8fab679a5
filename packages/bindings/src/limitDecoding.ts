/**
 * A bound on the work that decoding an argument can cause. Candid lets a few bytes stand for billions of values (a
 * vector of nulls has no bytes per element), and a decoder that believed them would stop the host.
 *
 * @see Candid specification, "Deserialisation", on limiting resources.
 */

/** Values that may be decoded whatever the length of the argument. */
const freeValues = 100_000
/** Values within values. Without this bound it would depend on the host's stack whether an argument can be decoded. */
const maxDepth = 200

const opcodes = {
  null: -1,
  text: -15,
  reserved: -16,
  empty: -17,
  opt: -18,
  vec: -19,
  record: -20,
  variant: -21,
  func: -22,
  service: -23,
  principal: -24,
} as const
/** Bytes of the primitive types of fixed size, by opcode: bool, nat8 to nat64, int8 to int64, float32, float64. */
const fixedSizes = new Map([
  [-2, 1],
  [-5, 1],
  [-6, 2],
  [-7, 4],
  [-8, 8],
  [-9, 1],
  [-10, 2],
  [-11, 4],
  [-12, 8],
  [-13, 4],
  [-14, 8],
])
/** `nat` and `int`, whose bytes say where they end. */
const openEnded = new Set([-3, -4])
const nat8 = -5

interface TypeEntry {
  readonly opcode: number
  /** Types of the content: one for `opt` and `vec`, one per field for `record` and `variant`. */
  readonly content: readonly number[]
}

/**
 * Walks over an encoded argument list without building it.
 *
 * @throws Error when it is cut short, or stands for more values than its length allows for
 */
export function limitDecoding(bytes: Uint8Array): void {
  const walk = new Walk(bytes)
  const { table, types } = readHeader(walk, bytes)
  for (const type of types) walk.skip(type, table)
}

const magic = [0x44, 0x49, 0x44, 0x4c]
/** Bytes of an argument that are quoted when not even its types can be read. */
const maxQuoted = 500

function readHeader(walk: Walk, bytes: Uint8Array): { table: TypeEntry[]; types: number[] } {
  if (bytes.length >= 4 && magic.some((byte, at) => bytes[at] !== byte)) throw unreadable(bytes, 'Unexpected bytes at byte offset 0')
  try {
    return { table: walk.readTable(), types: Array.from({ length: walk.readCount() }, () => walk.readSigned()) }
  } catch (thrown) {
    throw thrown instanceof EndOfInput ? unreadable(bytes, 'io error') : thrown
  }
}

function unreadable(bytes: Uint8Array, why: string): Error {
  const quoted = bytes.length <= maxQuoted ? ` ${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}` : ''
  return new Error(`Cannot parse header${quoted}: binary parser error: ${why}`)
}

/** The input is shorter than it says. */
class EndOfInput extends Error {
  constructor() {
    super('unexpected end of input')
  }
}

class Walk {
  readonly #bytes: Uint8Array
  #at = 4
  #left: number
  #depth = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#left = freeValues + bytes.length
  }

  readTable(): TypeEntry[] {
    return Array.from({ length: this.readCount() }, () => this.#readEntry())
  }

  /** A length; never more than the bytes that remain, for everything but vectors takes a byte each. */
  readCount(): number {
    const count = this.#readUnsigned()
    if (count > this.#bytes.length) throw new EndOfInput()
    return count
  }

  readSigned(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.#byte()
      value += (byte & 0x7f) * scale
      scale *= 128
      if (byte < 0x80) return (byte & 0x40) === 0 ? value : value - scale
    }
  }

  skip(type: number, table: readonly TypeEntry[]): void {
    this.#spend(1)
    if (type >= 0) {
      const entry = table[type]
      if (entry === undefined) throw new Error('type index out of range')
      if (this.#depth >= maxDepth) throw new Error(`the argument is nested more than ${maxDepth} deep`)
      this.#depth++
      this.#skipConstructed(entry, table)
      this.#depth--
      return
    }
    const size = fixedSizes.get(type)
    if (size !== undefined) return this.#advance(size)
    if (openEnded.has(type)) return void this.#readUnsigned()
    if (type === opcodes.text) return this.#advance(this.#readUnsigned())
    if (type === opcodes.principal) return this.#skipReference()
    if (type !== opcodes.null && type !== opcodes.reserved) throw new Error(`no value can have the type ${type}`)
  }

  #skipConstructed({ opcode, content }: TypeEntry, table: readonly TypeEntry[]): void {
    switch (opcode) {
      case opcodes.opt:
        if (this.#byte() === 1) this.skip(content[0] as number, table)
        return
      case opcodes.vec: {
        const length = this.#readUnsigned()
        if (content[0] === nat8) return this.#advance(length)
        this.#spend(length)
        for (let i = 0; i < length; i++) this.skip(content[0] as number, table)
        return
      }
      case opcodes.record:
        for (const field of content) this.skip(field, table)
        return
      case opcodes.variant: {
        const chosen = content[this.#readUnsigned()]
        if (chosen === undefined) throw new Error('variant index out of range')
        return this.skip(chosen, table)
      }
      case opcodes.func:
        if (this.#byte() !== 1) return
        this.#skipReference()
        return this.#advance(this.#readUnsigned())
      default:
        return this.#skipReference()
    }
  }

  #skipReference(): void {
    if (this.#byte() === 1) this.#advance(this.#readUnsigned())
  }

  #readEntry(): TypeEntry {
    const opcode = this.readSigned()
    switch (opcode) {
      case opcodes.opt:
      case opcodes.vec:
        return { opcode, content: [this.readSigned()] }
      case opcodes.record:
      case opcodes.variant:
        return { opcode, content: Array.from({ length: this.readCount() }, () => this.#readField()) }
      case opcodes.func:
        for (let list = 0; list < 2; list++) for (let left = this.readCount(); left > 0; left--) this.readSigned()
        this.#advance(this.#readUnsigned())
        return { opcode, content: [] }
      case opcodes.service:
        for (let left = this.readCount(); left > 0; left--) {
          this.#advance(this.#readUnsigned())
          this.readSigned()
        }
        return { opcode, content: [] }
      default:
        throw new Error(`unknown type constructor ${opcode}`)
    }
  }

  #readField(): number {
    this.#readUnsigned()
    return this.readSigned()
  }

  #readUnsigned(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.#byte()
      value += (byte & 0x7f) * scale
      scale *= 128
      if (byte < 0x80) return value
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw new EndOfInput()
    this.#at++
    return byte
  }

  #advance(length: number): void {
    if (length > this.#bytes.length - this.#at) throw new EndOfInput()
    this.#at += length
  }

  #spend(values: number): void {
    this.#left -= values
    if (this.#left < 0) throw new Error(`the argument stands for more than ${freeValues + this.#bytes.length} values`)
  }
}
