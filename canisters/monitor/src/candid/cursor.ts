const utf8 = new TextDecoder()

/** Reads Candid's primitives from bytes, front to back. Reading past the end throws a `RangeError`. */
export class Cursor {
  readonly #bytes: Uint8Array
  #at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.#at = at
  }

  get at(): number {
    return this.#at
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  byte(): number {
    const value = this.#bytes[this.#at]
    if (value === undefined) throw new RangeError('The message ends too early.')
    this.#at += 1
    return value
  }

  take(length: number): Uint8Array {
    const end = this.#at + length
    if (end > this.#bytes.length) throw new RangeError('The message ends too early.')
    const taken = this.#bytes.slice(this.#at, end)
    this.#at = end
    return taken
  }

  text(): string {
    return utf8.decode(this.take(this.size()))
  }

  /** An unsigned LEB128 number below 2^49: counts, lengths, field ids. */
  size(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const byte = this.byte()
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
      factor *= 128
      if (factor > 2 ** 42) throw new RangeError('A length is too large.')
    }
  }

  /** A signed LEB128 number of one or two bytes and more: references to types. */
  reference(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const byte = this.byte()
      value += (byte & 0x7f) * factor
      factor *= 128
      if (byte < 0x80) return byte >= 0x40 ? value - factor : value
      if (factor > 2 ** 42) throw new RangeError('A type reference is too large.')
    }
  }

  /** An unsigned LEB128 number of any size. Most are small, and small ones need no BigInt arithmetic. */
  nat(): bigint {
    let value = 0
    let factor = 1
    let high = 0n
    let shift = 0n
    for (;;) {
      const byte = this.byte()
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return high + (BigInt(value) << shift)
      factor *= 128
      if (factor < 2 ** 49) continue
      high += BigInt(value) << shift
      shift += 49n
      value = 0
      factor = 1
    }
  }

  /** A little-endian unsigned number of up to 32 bits. */
  fixed(bytes: number): number {
    let value = 0
    for (let index = 0; index < bytes; index += 1) value += this.byte() * 2 ** (8 * index)
    return value
  }
}
