const ifOpcode = 0x04
const elseOpcode = 0x05

/** The constructs that are open at a point of a body, innermost on top, without an object per construct. */
export class ControlStack {
  depth = 0
  #ids = new Int32Array(64)
  #opcodes = new Uint8Array(64)
  #bases = new Int32Array(64)
  #paramCounts = new Int32Array(64)
  #resultCounts = new Int32Array(64)

  reset(): void {
    this.depth = 0
  }

  push(id: number, opcode: number, base: number, params: number, results: number): void {
    if (this.depth === this.#ids.length) this.#grow()
    const at = this.depth++
    this.#ids[at] = id
    this.#opcodes[at] = opcode
    this.#bases[at] = base
    this.#paramCounts[at] = params
    this.#resultCounts[at] = results
  }

  /** Closes the innermost construct. */
  pop(): void {
    this.depth--
  }

  /** Turns the innermost `if` into its `else`; false when there is none. */
  startElse(): boolean {
    const at = this.depth - 1
    if (this.#opcodes[at] !== ifOpcode) return false
    this.#opcodes[at] = elseOpcode
    return true
  }

  get id(): number {
    return this.#ids[this.depth - 1] ?? -1
  }

  get base(): number {
    return this.#bases[this.depth - 1] ?? 0
  }

  get params(): number {
    return this.#paramCounts[this.depth - 1] ?? 0
  }

  get results(): number {
    return this.#resultCounts[this.depth - 1] ?? 0
  }

  #grow(): void {
    const size = this.depth * 2
    const widen = (from: Int32Array): Int32Array<ArrayBuffer> => {
      const to = new Int32Array(size)
      to.set(from)
      return to
    }
    this.#ids = widen(this.#ids)
    this.#bases = widen(this.#bases)
    this.#paramCounts = widen(this.#paramCounts)
    this.#resultCounts = widen(this.#resultCounts)
    const opcodes = new Uint8Array(size)
    opcodes.set(this.#opcodes)
    this.#opcodes = opcodes
  }
}
