import { ByteReader } from '../binary/byteReader.ts'
import type { CodeWriter } from '../binary/codeWriter.ts'
import type { ModuleLayout } from '../decode/layout.ts'
import { mostLocals } from '../decode/moduleLimits.ts'
import { edit, editStride, scratch, scratchCount, type BodyPlan } from '../plan/bodyPlan.ts'
import { WasmError } from '../wasmError.ts'
import type { CountedTypes } from './countedTypes.ts'

const scratchTypes = [0x7e, 0x7e, 0x7f, 0x7e, 0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x7e, 0x7f, 0x7e]

/** Scratch locals that are parameters where there is room for them. */
const handedOn = (1 << scratch.counter) | (1 << scratch.depth)

/** The locals that checks need beside a function's own, and their numbers. */
export class ScratchLocals {
  readonly #layout: ModuleLayout
  readonly #counted: CountedTypes
  readonly #numbers = new Int32Array(scratchCount)
  /** Whether the function is handed the counter and the depth. */
  handed = false

  constructor(layout: ModuleLayout, counted: CountedTypes) {
    this.#layout = layout
    this.#counted = counted
  }

  /** Writes the declarations of a body: its own locals, then those it needs. */
  write(type: number, plan: BodyPlan, out: CodeWriter): void {
    const params = this.#counted.params(type).length
    this.handed = this.#counted.isCounted(type)
    const wanted = this.handed ? plan.scratch & ~handedOn : plan.scratch
    const needed = (this.handed ? 2 : 0) + bitsOf(wanted)
    const isFull = params + plan.localCount + needed > mostLocals
    // Engines allow no more locals than that: those at the end that no code names make room.
    const own = isFull && this.handed ? this.#namedLocals(params, plan) : plan.localCount
    const first = params + (this.handed ? 2 : 0) + own
    let added = 0
    for (let bit = 0; bit < scratchCount; bit++) {
      this.#numbers[bit] = first + added
      if ((wanted & (1 << bit)) !== 0) added++
    }
    if (this.handed) {
      this.#numbers[scratch.counter] = params
      this.#numbers[scratch.depth] = params + 1
    }
    if (params + own + needed > mostLocals) throw new WasmError('too many locals beside those of the checks', plan.localGroupsStart)
    if (own === plan.localCount) {
      out.u32(plan.localGroups + added)
      out.copy(this.#layout.bytes, plan.localGroupsStart, plan.localGroupsEnd)
    } else this.#writeFirst(own, added, plan, out)
    for (let bit = 0; bit < scratchCount; bit++) {
      if ((wanted & (1 << bit)) !== 0) out.op(1, scratchTypes[bit] ?? 0)
    }
  }

  /** How many locals there are up to the last one that code names. All of those behind the parameters are noted, as they move. */
  #namedLocals(params: number, plan: BodyPlan): number {
    let last = params - 1
    for (let index = 0; index < plan.movedCount; index++) last = Math.max(last, this.#layout.bytes[plan.moved[index] ?? 0] ?? 0)
    for (let at = 0; at < plan.editCount * editStride; at += editStride) {
      if (plan.edits[at] === edit.local) last = Math.max(last, plan.edits[at + 4] ?? 0)
    }
    return last + 1 - params
  }

  /** Declares the first locals of a body, and how many groups follow them. */
  #writeFirst(own: number, added: number, plan: BodyPlan, out: CodeWriter): void {
    const reader = new ByteReader(this.#layout.bytes)
    reader.position = plan.localGroupsStart
    const groups: (readonly [count: number, type: number])[] = []
    for (let left = own; left > 0;) {
      const count = Math.min(left, reader.u32())
      groups.push([count, reader.byte()])
      left -= count
    }
    out.u32(groups.length + added)
    for (const [count, type] of groups) {
      out.u32(count)
      out.byte(type)
    }
  }

  /** Number of a scratch local in the body that is being written. */
  of(bit: number): number {
    return this.#numbers[bit] ?? 0
  }
}

function bitsOf(set: number): number {
  let count = 0
  for (let rest = set; rest !== 0; rest &= rest - 1) count++
  return count
}
