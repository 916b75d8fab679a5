/** Reads what `ByteWriter` wrote. Every method throws RangeError at the end of the bytes. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  byte(): number {
    return this.#view.getUint8(this.#at++)
  }

  natural(): number {
    let value = 0
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.byte()
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }

  double(): number {
    this.#at += 8
    return this.#view.getFloat64(this.#at - 8)
  }

  bytes(): Uint8Array {
    return this.raw(this.natural())
  }

  text(): string {
    return decoder.decode(this.bytes())
  }

  /** A copy of the next bytes. */
  raw(length: number): Uint8Array {
    const end = this.#at + length
    if (end > this.#bytes.length) throw new RangeError(`${length} bytes are asked for, and ${this.#bytes.length - this.#at} are left`)
    const bytes = this.#bytes.slice(this.#at, end)
    this.#at = end
    return bytes
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
