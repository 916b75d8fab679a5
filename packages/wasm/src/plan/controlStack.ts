import { blockFlag, type BodyPlan } from './bodyPlan.ts'

const ifOpcode = 0x04
const loopOpcode = 0x03
const elseOpcode = 0x05

/** The constructs that are open at a point of a body, innermost on top, without an object per construct. */
export class ControlStack {
  depth = 0
  #ids = new Int32Array(64)
  #opcodes = new Uint8Array(64)
  #bases = new Int32Array(64)
  #paramCounts = new Int32Array(64)
  #resultCounts = new Int32Array(64)
  /** Block that the opening opcode stands in. */
  #blocks = new Int32Array(64)
  /** Pairs of control and block: the block's code can reach the control's end directly. */
  #edges: number[] = []
  /** Controls whose `end` opcodes directly precede the current position, and where that run of ends stops. */
  #endRun: number[] = []
  #endRunStops = -1

  reset(): void {
    this.depth = 0
    this.#edges.length = 0
    this.#endRun.length = 0
    this.#endRunStops = -1
  }

  push(id: number, opcode: number, base: number, params: number, results: number, block: number): void {
    if (this.depth === this.#ids.length) this.#grow()
    const at = this.depth++
    this.#ids[at] = id
    this.#opcodes[at] = opcode
    this.#bases[at] = base
    this.#paramCounts[at] = params
    this.#resultCounts[at] = results
    this.#blocks[at] = block
  }

  /** Closes the innermost construct, whose `end` opcode stands at `position`. */
  pop(position: number): void {
    if (this.#endRunStops !== position) this.#endRun.length = 0
    this.#endRunStops = position + 1
    const id = this.id
    if (id >= 0 && this.#opcodes[this.depth - 1] !== loopOpcode) this.#endRun.push(id)
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

  /** Control id of a label; -1 is the function itself. */
  target(label: number): number {
    return this.#ids[this.depth - 1 - label] ?? -1
  }

  /** Whether a branch to the label goes to the construct's end. */
  isForward(label: number): boolean {
    return this.#opcodes[this.depth - 1 - label] !== loopOpcode
  }

  /** The block reaches the end of the construct: by a branch or by falling through. */
  noteBlock(id: number, block: number): void {
    this.#edges.push(id, block)
  }

  /** An `if` without `else` reaches its end from the block that it closed. */
  noteImplicitElse(): void {
    const at = this.depth - 1
    if (this.#opcodes[at] === ifOpcode) this.#edges.push(this.#ids[at] ?? -1, this.#blocks[at] ?? 0)
  }

  /** After the function's end: constructs whose end is followed by nothing but ends leave the function, and so do branches to them. */
  settleTails(plan: BodyPlan): void {
    for (const id of this.#endRun) plan.tail[id] = 1
    const edges = this.#edges
    for (let index = 0; index < edges.length; index += 2) {
      const block = edges[index + 1] ?? 0
      if (plan.tail[edges[index] ?? 0] === 1) plan.blockFlags[block] = (plan.blockFlags[block] ?? 0) | blockFlag.exact
    }
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
    this.#blocks = widen(this.#blocks)
    const opcodes = new Uint8Array(size)
    opcodes.set(this.#opcodes)
    this.#opcodes = opcodes
  }
}
