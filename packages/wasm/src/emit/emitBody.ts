import { code, access, type CodeWriter } from '../binary/codeWriter.ts'
import type { ModuleLayout, Range } from '../decode/layout.ts'
import { accessSizeOf, storedOperandOf, storesOf } from '../opcodes/opcodeTable.ts'
import { blockFlag, edit, editStride, scratch, scratchCount, type BodyPlan } from '../plan/bodyPlan.ts'
import { readMapAt, writeMapAt } from '../runtime/mapLayout.ts'
import type { OutputIndices } from './outputIndices.ts'
import type { SegmentFunctions } from './segmentFunctions.ts'
import type { BranchHints } from './branchHints.ts'
import { emitCanonicalNan } from './canonicalNan.ts'
import { frameSize } from './frameSize.ts'
import { emitTableEdit } from './emitTableEdit.ts'
import type { TableFunctions } from './tableFunctions.ts'

const scratchTypes = [0x7e, 0x7e, 0x7f, 0x7e, 0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x7e, 0x7f]

export interface BodyEmitterParts {
  readonly layout: ModuleLayout
  readonly indices: OutputIndices
  readonly segments: SegmentFunctions
  readonly tables: TableFunctions
  readonly hints: BranchHints
  readonly wide: boolean
}

/**
 * Writes a body with its edits applied; everything between two edits is copied as it is.
 *
 * The counter lives in a local. `stale` says that the global is ahead of it: behind a call, whose callee counted on. Where
 * two paths meet the local is made right again, except where the function is about to end: there only the global matters.
 * `synced` says that the global is known to equal the local.
 */
export class BodyEmitter {
  readonly #layout: ModuleLayout
  readonly #indices: OutputIndices
  readonly #segments: SegmentFunctions
  readonly #tables: TableFunctions
  readonly #hints: BranchHints
  readonly #wide: boolean
  readonly #locals = new Int32Array(scratchCount)
  #staleAtIf = new Uint8Array(256)
  #stale = false
  #synced = false
  #bodyStart = 0

  constructor(parts: BodyEmitterParts) {
    const { layout, indices, segments, tables, hints, wide } = parts
    this.#layout = layout
    this.#indices = indices
    this.#segments = segments
    this.#tables = tables
    this.#hints = hints
    this.#wide = wide
  }

  /** Writes the body of the function with that input index. */
  emit(range: Range, functionIndex: number, plan: BodyPlan, out: CodeWriter): void {
    const params = this.#layout.types[this.#layout.functionTypes[functionIndex] ?? 0]?.params.length ?? 0
    const start = out.openLength()
    this.#bodyStart = start
    this.#emitLocals(params, plan, out)
    this.#emitCode(range, params, plan, out)
    out.fillLength(start)
    this.#hints.closeFunction(this.#indices.function(functionIndex))
  }

  #emitLocals(params: number, plan: BodyPlan, out: CodeWriter): void {
    const firstScratch = params + plan.localCount
    let added = 0
    for (let bit = 0; bit < scratchCount; bit++) {
      this.#locals[bit] = firstScratch + added
      if ((plan.scratch & (1 << bit)) !== 0) added++
    }
    out.u32(plan.localGroups + added)
    out.copy(this.#layout.bytes, plan.localGroupsStart, plan.localGroupsEnd)
    for (let bit = 0; bit < scratchCount; bit++) {
      if ((plan.scratch & (1 << bit)) !== 0) out.op(1, scratchTypes[bit] ?? 0)
    }
  }

  #local(bit: number): number {
    return this.#locals[bit] ?? 0
  }

  #emitCode(range: Range, params: number, plan: BodyPlan, out: CodeWriter): void {
    const { bytes } = this.#layout
    const { edits, editCount } = plan
    if (this.#staleAtIf.length < plan.controlCount) this.#staleAtIf = new Uint8Array(plan.controlCount * 2)
    this.#stale = true
    this.#synced = true
    let copied = plan.localGroupsEnd
    for (let index = 0; index < editCount; index++) {
      const at = index * editStride
      const kind = edits[at] ?? 0
      const from = edits[at + 1] ?? 0
      const a = edits[at + 3] ?? 0
      if (from > copied) out.copy(bytes, copied, from)
      copied = edits[at + 2] ?? 0
      switch (kind) {
        case edit.head:
          this.#emitHead(a, index === 0, params, plan, out)
          break
        case edit.access:
          this.#emitAccess(from, copied, a, plan.offsets[edits[at + 4] ?? 0] ?? 0, storesOf[a] === 1, out)
          break
        case edit.plainAccess:
          out.copy(bytes, from, copied)
          break
        case edit.accessToChange:
          this.#emitAccess(from, copied, a, plan.offsets[edits[at + 4] ?? 0] ?? 0, true, out)
          break
        case edit.end:
          if (plan.tail[a] === 1) {
            this.#stale = true
          } else {
            this.#refresh(out)
            this.#synced = false
          }
          break
        case edit.if:
          // Without an else the untaken path joins at the end with the local as it is here.
          if (this.#stale && plan.tail[a] === 0) this.#refresh(out)
          this.#staleAtIf[a] = (this.#stale ? 1 : 0) | (this.#synced ? 2 : 0)
          break
        case edit.else:
          if (plan.tail[a] === 0) this.#refresh(out)
          this.#stale = ((this.#staleAtIf[a] ?? 0) & 1) !== 0
          this.#synced = ((this.#staleAtIf[a] ?? 0) & 2) !== 0
          break
        case edit.loop:
          this.#refresh(out)
          this.#synced = false
          break
        case edit.branch:
          if (a !== -1 && (a === -2 || plan.tail[a] === 0)) this.#refresh(out)
          break
        case edit.call:
          if (a >= this.#indices.importedFunctions) this.#emitDepth(out)
          out.call(this.#indices.function(a))
          this.#stale = true
          break
        case edit.callIndirect:
          if (a === 0) this.#emitDepth(out)
          else this.#stale = true
          break
        case edit.returnCall:
        case edit.returnCallIndirect:
          // The frame is given back before the callee takes its own.
          out.get(this.#local(scratch.depth)).i64(frameSize(plan, params)).op(code.i64Add).setGlobal(this.#indices.depth)
          if (kind === edit.returnCall) out.indexed(0x12, this.#indices.function(a))
          break
        case edit.canonical:
          emitCanonicalNan(a, this.#local(a === 1 ? scratch.f32 : a === 2 ? scratch.f64 : scratch.v128), out)
          break
        case edit.refFunc:
          out.indexed(0xd2, this.#indices.function(a))
          break
        case edit.memorySize:
          out.getGlobal(this.#indices.pages)
          if (!this.#wide) out.op(code.i32WrapI64)
          break
        case edit.memoryGrow:
          this.#callOut(this.#indices.runtime('grow'), out)
          break
        case edit.memoryFill:
          this.#callOut(this.#indices.runtime('fill'), out)
          break
        case edit.memoryCopy:
          this.#callOut(this.#indices.runtime('copy'), out)
          break
        case edit.memoryInit:
          this.#callOut(this.#segments.memoryInit(a), out)
          break
        case edit.dataDrop:
          out.i32(1).setGlobal(this.#segments.dataDropFlag(a))
          break
        default:
          this.#emitTable(kind, from, copied, a, edits[at + 4] ?? 0, out)
      }
    }
    out.copy(bytes, copied, range.end)
  }

  #emitTable(kind: number, from: number, to: number, a: number, b: number, out: CodeWriter): void {
    if (!emitTableEdit(kind, a, b, this.#tables, this.#segments, out)) out.copy(this.#layout.bytes, from, to)
    if (kind === edit.tableFill || kind === edit.tableCopy || kind === edit.tableInit) this.#stale = true
  }

  #callOut(functionIndex: number, out: CodeWriter): void {
    out.call(functionIndex)
    this.#stale = true
  }

  /** Makes the local right again after a call. */
  #refresh(out: CodeWriter): void {
    if (!this.#stale) return
    out.getGlobal(this.#indices.counter).set(this.#local(scratch.counter))
    this.#stale = false
    this.#synced = true
  }

  #emitDepth(out: CodeWriter): void {
    out.get(this.#local(scratch.depth)).setGlobal(this.#indices.depth)
  }

  #emitHead(block: number, entry: boolean, params: number, plan: BodyPlan, out: CodeWriter): void {
    const cost = plan.blockCost[block] ?? 0
    const flags = plan.blockFlags[block] ?? 0
    const exact = (flags & blockFlag.exact) !== 0
    const counter = this.#local(scratch.counter)
    const global = this.#indices.counter
    if ((flags & blockFlag.checked) !== 0) {
      this.#emitChecked(cost, entry && plan.callsOut ? frameSize(plan, params) : -1, out)
      if (exact) out.get(counter).setGlobal(global)
      this.#stale = false
      this.#synced = exact
      return
    }
    if (cost === 0) {
      if (exact && !this.#stale && !this.#synced) {
        out.get(counter).setGlobal(global)
        this.#synced = true
      }
      return
    }
    if (this.#stale) out.getGlobal(global)
    else out.get(counter)
    out.i64(cost).op(code.i64Sub)
    if (exact) out.tee(counter).setGlobal(global)
    else out.set(counter)
    this.#stale = false
    this.#synced = exact
  }

  /** Charge and test; at the entry of a function that calls others the stack depth is tested by the same branch. */
  #emitChecked(cost: number, frame: number, out: CodeWriter): void {
    const counter = this.#local(scratch.counter)
    const depth = this.#local(scratch.depth)
    if (frame >= 0) out.getGlobal(this.#indices.depth).i64(frame).op(code.i64Sub).tee(depth)
    if (this.#stale) out.getGlobal(this.#indices.counter)
    else out.get(counter)
    if (cost !== 0) out.i64(cost).op(code.i64Sub)
    out.tee(counter)
    if (frame >= 0) out.op(code.i64Or)
    out.i64(0).op(code.i64LtS)
    this.#hints.add(out.length - this.#bodyStart)
    out.if().get(counter)
    if (frame >= 0) out.get(depth).call(this.#indices.runtime('enterSlow'))
    else out.call(this.#indices.runtime('exhausted'))
    // Neither comes back, which the engine is told: nothing has to stay alive across the call.
    out.op(code.unreachable).end()
  }

  /**
   * The test before a load or store. Its value, if any, waits in a scratch local; the address is computed as the engine does
   * (33 bits wide for a 32-bit memory) and looked up in the dirty map. Only the slow path knows about bounds and charges.
   */
  #emitAccess(from: number, to: number, opcode: number, offset: number, changes: boolean, out: CodeWriter): void {
    const size = accessSizeOf[opcode] ?? 1
    const operand = storedOperandOf[opcode] ?? 0
    const value = this.#local(scratch.i32 + operand - 1)
    const address = this.#local(this.#wide ? scratch.address64 : scratch.address32)
    const narrow = !this.#wide && offset === 0
    const effective = offset === 0 ? address : this.#local(scratch.effective)
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
    out.at(access.load8u, 1, changes ? writeMapAt : readMapAt).tee(this.#local(scratch.entry))
    out.op(size > 1 ? code.i32GeU : code.i32Eqz)
    this.#hints.add(out.length - this.#bodyStart)
    out.if().get(effective)
    if (narrow) out.op(code.i64ExtendI32U)
    out.i32(size)
    if (this.#stale) out.getGlobal(this.#indices.counter)
    else out.get(this.#local(scratch.counter))
    // The helper needs no entry: a second use keeps V8 from loading it twice.
    out.get(this.#local(scratch.entry)).call(this.#indices.runtime(changes ? 'slowWrite' : 'slowRead'))
    if (this.#stale) out.op(code.drop)
    else out.set(this.#local(scratch.counter))
    out.end().get(address)
    if (operand !== 0) out.get(value)
    out.copy(this.#layout.bytes, from, to)
  }
}
