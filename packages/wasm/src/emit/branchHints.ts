import type { ByteWriter } from '../binary/byteWriter.ts'

const unlikely = 0

/**
 * Marks the slow paths as unlikely, in the custom section of the branch hinting proposal: an engine that reads it moves them
 * out of the way and need not save registers around their calls.
 */
export class BranchHints {
  readonly #enabled: boolean
  #start = 0
  #offsets: number[] = []
  readonly #functions: { readonly index: number; readonly offsets: readonly number[] }[] = []

  constructor(enabled: boolean) {
    this.#enabled = enabled
  }

  /** A function follows whose body, from its locals on, starts at that position of the code. */
  openFunction(start: number): void {
    this.#start = start
  }

  /** The `if` at that position is rarely taken. */
  add(position: number): void {
    if (this.#enabled) this.#offsets.push(position - this.#start)
  }

  /** Closes the hints of one function, by its output index. */
  closeFunction(index: number): void {
    if (this.#offsets.length === 0) return
    this.#functions.push({ index, offsets: this.#offsets })
    this.#offsets = []
  }

  /** Writes the section; it must stand before the code section. */
  write(out: ByteWriter): void {
    if (this.#functions.length === 0) return
    out.byte(0)
    const start = out.openLength()
    out.name('metadata.code.branch_hint')
    out.u32(this.#functions.length)
    for (const { index, offsets } of this.#functions) {
      out.u32(index)
      out.u32(offsets.length)
      for (const offset of offsets) {
        out.u32(offset)
        out.byte(1)
        out.byte(unlikely)
      }
    }
    out.fillLength(start)
  }
}
