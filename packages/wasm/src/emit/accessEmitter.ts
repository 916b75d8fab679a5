import { access, code, type CodeWriter } from '../binary/codeWriter.ts'
import { accessSizeOf, storedOperandOf } from '../opcodes/opcodeTable.ts'
import { scratch } from '../plan/bodyPlan.ts'
import { readMapAt, writeMapAt } from '../runtime/mapLayout.ts'
import type { BranchHints } from './branchHints.ts'
import type { CounterFlow } from './counterFlow.ts'
import type { OutputIndices } from './outputIndices.ts'
import type { ScratchLocals } from './scratchLocals.ts'

/** Writes the tests before loads and stores. */
export class AccessEmitter {
  readonly #indices: OutputIndices
  readonly #locals: ScratchLocals
  readonly #hints: BranchHints
  readonly #flow: CounterFlow
  readonly #wide: boolean
  readonly #charged: boolean

  constructor(
    { indices, hints, wide, charged }: { indices: OutputIndices; hints: BranchHints; wide: boolean; charged: boolean },
    locals: ScratchLocals,
    flow: CounterFlow,
  ) {
    this.#indices = indices
    this.#locals = locals
    this.#hints = hints
    this.#flow = flow
    this.#wide = wide
    this.#charged = charged
  }

  /**
   * The test before a load or store. Its value, if any, waits in a scratch local; the address is computed as the engine does
   * (33 bits wide for a 32-bit memory) and looked up in the dirty map. Only the slow path knows about bounds and charges.
   */
  test(opcode: number, offset: number, changes: boolean, out: CodeWriter): void {
    const size = accessSizeOf[opcode] ?? 1
    const operand = storedOperandOf[opcode] ?? 0
    const value = this.#locals.of(scratch.i32 + operand - 1)
    const address = this.#locals.of(this.#wide ? scratch.address64 : scratch.address32)
    const narrow = !this.#wide && offset === 0
    const effective = offset === 0 ? address : this.#locals.of(scratch.effective)
    const entry = this.#locals.of(scratch.entry)
    if (operand !== 0) out.set(value)
    out.tee(address)
    if (offset !== 0) {
      if (!this.#wide) out.op(code.i64ExtendI32U)
      out.i64(offset).op(code.i64Add).tee(effective)
    }
    if (size > 1) {
      if (!narrow) out.op(code.i32WrapI64)
      out
        .i32(size - 1)
        .op(code.i32And)
        .get(effective)
    }
    if (narrow) out.i32(12).op(code.i32ShrU)
    else out.i64(12).op(code.i64ShrU, code.i32WrapI64)
    out.at(access.load8u, 1, changes ? writeMapAt : readMapAt).tee(entry)
    out.op(size > 1 ? code.i32GeU : code.i32Eqz)
    this.#hints.add(out.length)
    out.if().get(effective)
    if (narrow) out.op(code.i64ExtendI32U)
    out.i32(size)
    this.#flow.push(out)
    // The helper needs no entry: a second use keeps V8 from loading it twice.
    out.get(entry).call(this.#indices.runtime(changes ? 'slowWrite' : 'slowRead'))
    this.#flow.takeCharged(this.#charged, out)
    out.end().get(address)
    if (operand !== 0) out.get(value)
  }
}
