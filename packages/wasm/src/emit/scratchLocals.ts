import type { CodeWriter } from '../binary/codeWriter.ts'
import type { ModuleLayout } from '../decode/layout.ts'
import { mostLocals } from '../decode/moduleLimits.ts'
import { scratch, scratchCount, type BodyPlan } from '../plan/bodyPlan.ts'
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
    const first = params + (this.handed ? 2 : 0) + plan.localCount
    const wanted = this.handed ? plan.scratch & ~handedOn : plan.scratch
    let added = 0
    for (let bit = 0; bit < scratchCount; bit++) {
      this.#numbers[bit] = first + added
      if ((wanted & (1 << bit)) !== 0) added++
    }
    if (this.handed) {
      this.#numbers[scratch.counter] = params
      this.#numbers[scratch.depth] = params + 1
    }
    if (first + added > mostLocals) throw new WasmError('too many locals beside those of the checks', plan.localGroupsStart)
    out.u32(plan.localGroups + added)
    out.copy(this.#layout.bytes, plan.localGroupsStart, plan.localGroupsEnd)
    for (let bit = 0; bit < scratchCount; bit++) {
      if ((wanted & (1 << bit)) !== 0) out.op(1, scratchTypes[bit] ?? 0)
    }
  }

  /** Number of a scratch local in the body that is being written. */
  of(bit: number): number {
    return this.#numbers[bit] ?? 0
  }
}
