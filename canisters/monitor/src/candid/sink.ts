const utf8 = new TextEncoder()

/** Collects bytes, with Candid's primitives. */
export class Sink {
  #bytes = new Uint8Array(1_024)
  #length = 0

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1)
    this.#bytes[this.#length] = value
    this.#length += 1
  }

  append(bytes: ArrayLike<number>): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  text(value: string): void {
    const bytes = utf8.encode(value)
    this.size(bytes.length)
    this.append(bytes)
  }

  /** Unsigned LEB128 of a number below 2^53. */
  size(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.byte((rest % 128) | 0x80)
      rest = Math.floor(rest / 128)
    }
    this.byte(rest)
  }

  /** Unsigned LEB128. */
  nat(value: bigint): void {
    let rest = value
    while (rest > BigInt(Number.MAX_SAFE_INTEGER)) {
      this.byte(Number(rest & 0x7fn) | 0x80)
      rest >>= 7n
    }
    this.size(Number(rest))
  }

  /** A little-endian unsigned number of up to 32 bits. */
  fixed(value: number, bytes: number): void {
    for (let index = 0; index < bytes; index += 1) this.byte(Math.floor(value / 2 ** (8 * index)) % 256)
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  #grow(more: number): void {
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}
