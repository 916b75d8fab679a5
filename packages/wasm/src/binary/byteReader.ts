import { WasmError } from '../wasmError.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A cursor over a module's bytes. Every read is bounds-checked against `end` and fails with a `WasmError`. */
export class ByteReader {
  readonly bytes: Uint8Array
  position: number
  end: number

  constructor(bytes: Uint8Array, position = 0, end = bytes.length) {
    this.bytes = bytes
    this.position = position
    this.end = end
  }

  fail(message: string): never {
    throw new WasmError(message, this.position)
  }

  byte(): number {
    if (this.position >= this.end) this.fail('unexpected end')
    return this.bytes[this.position++] ?? 0
  }

  /** Unsigned LEB128 of at most 32 bits. */
  u32(): number {
    let result = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte()
      if (shift === 28 && byte > 0x0f) this.fail('integer too large')
      result += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return result
    }
    return this.fail('integer representation too long')
  }

  /** Unsigned LEB128 of at most 64 bits; exact below 2^53, rounded above. */
  u64(): number {
    let result = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.byte()
      if (shift === 63 && byte > 1) this.fail('integer too large')
      result += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return result
    }
    return this.fail('integer representation too long')
  }

  /** Skips a LEB128 of at most `maxBytes` bytes. */
  skipLeb(maxBytes: number): void {
    for (let count = 0; count < maxBytes; count++) if (this.byte() < 0x80) return
    this.fail('integer representation too long')
  }

  /** A count of entries that take at least one byte each: bounded by what is left, so that nothing is allocated for a lie. */
  count(): number {
    const count = this.u32()
    if (count > this.end - this.position) this.fail('length out of bounds')
    return count
  }

  skip(length: number): number {
    if (length > this.end - this.position) this.fail('length out of bounds')
    const start = this.position
    this.position += length
    return start
  }

  name(): string {
    const length = this.u32()
    const start = this.skip(length)
    try {
      return utf8.decode(this.bytes.subarray(start, start + length))
    } catch {
      return this.fail('malformed UTF-8 encoding')
    }
  }
}
