const utf8 = new TextEncoder()

/** A growing output buffer with the encodings of the binary format. */
export class ByteWriter {
  buffer: Uint8Array<ArrayBuffer>
  length = 0

  constructor(capacity = 1024) {
    this.buffer = new Uint8Array(capacity)
  }

  /** Makes room for `extra` bytes; the fast writers below rely on it. */
  reserve(extra: number): void {
    const needed = this.length + extra
    if (needed <= this.buffer.length) return
    const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2))
    grown.set(this.buffer.subarray(0, this.length))
    this.buffer = grown
  }

  byte(value: number): void {
    if (this.length === this.buffer.length) this.reserve(1)
    this.buffer[this.length++] = value
  }

  u32(value: number): void {
    if (value < 0x80) {
      this.byte(value)
      return
    }
    this.reserve(5)
    let rest = value
    while (rest >= 0x80) {
      this.buffer[this.length++] = (rest & 0x7f) | 0x80
      rest = Math.floor(rest / 128)
    }
    this.buffer[this.length++] = rest
  }

  /** Signed LEB128 of any integer that a double holds exactly. */
  signed(value: number): void {
    if (value >= -0x40 && value < 0x40) {
      this.byte(value & 0x7f)
      return
    }
    this.reserve(10)
    let rest = value
    if ((value | 0) === value) {
      // The common case without divisions.
      for (; rest < -0x40 || rest >= 0x40; rest >>= 7) this.buffer[this.length++] = (rest & 0x7f) | 0x80
      this.buffer[this.length++] = rest & 0x7f
      return
    }
    for (;;) {
      const low = ((rest % 128) + 128) % 128
      rest = (rest - low) / 128
      if ((rest === 0 && low < 0x40) || (rest === -1 && low >= 0x40)) {
        this.buffer[this.length++] = low
        return
      }
      this.buffer[this.length++] = low | 0x80
    }
  }

  /** Copies `source[from, to)`. Short runs, the common case between two edits, go byte by byte. */
  copy(source: Uint8Array, from: number, to: number): void {
    const count = to - from
    this.reserve(count)
    if (count < 64) {
      let at = this.length
      for (let index = from; index < to; index++) this.buffer[at++] = source[index] ?? 0
    } else {
      this.buffer.set(source.subarray(from, to), this.length)
    }
    this.length += count
  }

  name(text: string): void {
    const bytes = utf8.encode(text)
    this.u32(bytes.length)
    this.copy(bytes, 0, bytes.length)
  }

  /** Leaves five bytes for a length that `fillLength` writes once the content is there. */
  openLength(): number {
    this.reserve(5)
    this.length += 5
    return this.length
  }

  /** Writes the length of what follows `start` into the five bytes before it, as a padded LEB128. */
  fillLength(start: number): void {
    let rest = this.length - start
    for (let index = start - 5; index < start - 1; index++) {
      this.buffer[index] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.buffer[start - 1] = rest & 0x7f
  }

  /** What was written, without copying. */
  view(): Uint8Array<ArrayBuffer> {
    return this.buffer.subarray(0, this.length)
  }
}
