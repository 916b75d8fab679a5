import { access, code, type CodeWriter } from '../binary/codeWriter.ts'
import { accessSizeOf, storedOperandOf } from '../opcodes/opcodeTable.ts'
import { scratch } from '../plan/bodyPlan.ts'
import { readMapAt, unitShift, writeMapAt } from '../runtime/mapLayout.ts'
import type { BranchHints } from './branchHints.ts'
import type { CounterFlow } from './counterFlow.ts'
import type { OutputIndices } from './outputIndices.ts'
import type { ScratchLocals } from './scratchLocals.ts'

const pageShift = 12

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
    const operand = storedOperandOf[opcode] ?? 0
    const value = this.#locals.of(scratch.i32 + operand - 1)
    const address = this.#locals.of(this.#wide ? scratch.address64 : scratch.address32)
    if (operand !== 0) out.set(value)
    out.tee(address)
    if (changes) this.#testWrite(accessSizeOf[opcode] ?? 1, offset, address, out)
    else this.#testRead(accessSizeOf[opcode] ?? 1, offset, address, out)
    out.end().get(address)
    if (operand !== 0) out.get(value)
  }

  /**
   * The test before a load from a 64-bit memory that others start from, or that starts from one of those. The first notes its
   * address where any load may go on, and -1 where not; one from the same address needs no look at the map.
   */
  testNear(opcode: number, offset: number, first: boolean, out: CodeWriter): void {
    const address = this.#locals.of(scratch.address64)
    const noted = this.#locals.of(scratch.noted)
    const size = accessSizeOf[opcode] ?? 1
    if (first) {
      out.tee(address).tee(noted)
      this.#testRead(size, offset, address, out)
      out.i64(-1).set(noted)
    } else {
      out.tee(address).get(noted).op(code.i64Ne)
      this.#hints.add(out.length)
      out.if().get(address)
      this.#testRead(size, offset, address, out)
      out.end()
    }
    out.end().get(address)
  }

  /**
   * A load may go on where any may: then the next page is readable, too, and it is enough to look where the base address
   * lies. The slow path knows of loads that are aligned.
   */
  #testRead(size: number, offset: number, address: number, out: CodeWriter): void {
    const near = offset + size <= 1 << pageShift
    const narrow = !this.#wide && (near || offset === 0)
    if (!near) this.#addOffset(offset, out)
    shifted(pageShift, narrow, out)
    out.at(access.load8u, 1, readMapAt)
    if (size > 1 || offset > 0) out.i32(2).op(code.i32LtU)
    else out.op(code.i32Eqz)
    this.#hints.add(out.length)
    out.if().get(address)
    this.#addOffset(offset, out)
    if (!this.#wide && offset === 0) out.op(code.i64ExtendI32U)
    out.i32(size)
    this.#flow.push(out)
    out.call(this.#indices.runtime('slowRead'))
    this.#flow.takeCharged(this.#charged, out)
  }

  /** A store is compared with what the map says of its alignment: messages write pages whose next one they do not. */
  #testWrite(size: number, offset: number, address: number, out: CodeWriter): void {
    const entry = this.#locals.of(scratch.entry)
    const narrow = !this.#wide && offset === 0
    const effective = offset === 0 ? address : this.#locals.of(scratch.effective)
    if (offset !== 0) {
      this.#addOffset(offset, out)
      out.tee(effective)
    }
    if (size > 1) {
      if (!narrow) out.op(code.i32WrapI64)
      out
        .i32(size - 1)
        .op(code.i32And)
        .get(effective)
    }
    shifted(unitShift, narrow, out)
    out.at(access.load8u, 1, writeMapAt).tee(entry)
    out.op(size > 1 ? code.i32GeU : code.i32Eqz)
    this.#hints.add(out.length)
    out.if().get(effective)
    if (narrow) out.op(code.i64ExtendI32U)
    out.i32(size)
    this.#flow.push(out)
    // The helper needs no entry: a second use keeps V8 from loading it twice.
    out.get(entry).call(this.#indices.runtime('slowWrite'))
    this.#flow.takeCharged(this.#charged, out)
  }

  /** The effective address of the base address on the stack, as wide as it gets. */
  #addOffset(offset: number, out: CodeWriter): void {
    if (offset === 0) return
    if (!this.#wide) out.op(code.i64ExtendI32U)
    out.i64(offset).op(code.i64Add)
  }
}

/** The number of the unit that the address on the stack lies in. */
function shifted(shift: number, narrow: boolean, out: CodeWriter): void {
  if (narrow) out.i32(shift).op(code.i32ShrU)
  else out.i64(shift).op(code.i64ShrU, code.i32WrapI64)
}
