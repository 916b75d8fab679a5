import { code, type CodeWriter } from '../binary/codeWriter.ts'
import type { ModuleLayout } from '../decode/layout.ts'
import { scratch } from '../plan/bodyPlan.ts'
import type { CounterFlow } from './counterFlow.ts'
import type { CountedTypes } from './countedTypes.ts'
import { hostFrame } from './frameSize.ts'
import type { OutputIndices } from './outputIndices.ts'
import type { ScratchLocals } from './scratchLocals.ts'
import type { TableFunctions } from './tableFunctions.ts'

/** Writes calls: what callees may use, in instructions and in stack, stands behind their operands or in the globals. */
export class CallEmitter {
  readonly #layout: ModuleLayout
  readonly #indices: OutputIndices
  readonly #tables: TableFunctions
  readonly #counted: CountedTypes
  readonly #locals: ScratchLocals
  readonly #flow: CounterFlow

  constructor(
    { layout, indices, tables, counted }: { layout: ModuleLayout; indices: OutputIndices; tables: TableFunctions; counted: CountedTypes },
    locals: ScratchLocals,
    flow: CounterFlow,
  ) {
    this.#layout = layout
    this.#indices = indices
    this.#tables = tables
    this.#counted = counted
    this.#locals = locals
    this.#flow = flow
  }

  /** `call` of one of the module's functions. `sync`: the global has to be right behind it. */
  direct(target: number, sync: boolean, out: CodeWriter): void {
    if (target < this.#indices.importedFunctions) {
      this.#storeDepth(hostFrame, out)
      out.call(this.#indices.function(target))
      this.#flow.noteStale()
      return
    }
    const type = this.#layout.functionTypes[target] ?? 0
    this.#handOn(type, out)
    out.call(this.#indices.function(target))
    this.#flow.takeBack(type, sync, out)
  }

  /** `call_indirect`: the index of the entry stands above the operands; what is handed on goes between. */
  indirect(type: number, table: number, sync: boolean, out: CodeWriter): void {
    const entry = this.#entry(table)
    out.set(entry)
    this.#handOn(type, out)
    out.get(entry).indexed(0x11, this.#counted.of(type)).u32(table)
    this.#flow.takeBack(type, sync, out)
  }

  /** `return_call`: the frame is given back before the callee takes its own. */
  tail(target: number, frame: number, out: CodeWriter): void {
    this.#leave(this.#layout.functionTypes[target] ?? 0, frame, out)
    out.indexed(0x12, this.#indices.reference(target))
    this.#flow.noteDead()
  }

  /** `return_call_indirect`. */
  tailIndirect(type: number, table: number, frame: number, out: CodeWriter): void {
    const entry = this.#entry(table)
    out.set(entry)
    this.#leave(type, frame, out)
    out.get(entry).indexed(0x13, this.#counted.of(type)).u32(table)
    this.#flow.noteDead()
  }

  #entry(table: number): number {
    return this.#locals.of(this.#tables.index(table) === 'i64' ? scratch.address64 : scratch.entry)
  }

  #handOn(type: number, out: CodeWriter): void {
    if (!this.#counted.isCounted(type)) {
      this.#storeDepth(0, out)
      return
    }
    this.#flow.push(out)
    out.get(this.#locals.of(scratch.depth))
  }

  #leave(type: number, frame: number, out: CodeWriter): void {
    const counted = this.#counted.isCounted(type)
    if (counted) this.#flow.push(out)
    out.get(this.#locals.of(scratch.depth)).i64(frame).op(code.i64Add)
    if (!counted) out.setGlobal(this.#indices.depth)
  }

  #storeDepth(beyond: number, out: CodeWriter): void {
    out.get(this.#locals.of(scratch.depth))
    if (beyond !== 0) out.i64(beyond).op(code.i64Sub)
    out.setGlobal(this.#indices.depth)
  }
}
