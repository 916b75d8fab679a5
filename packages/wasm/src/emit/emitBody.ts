import { code, access, type CodeWriter } from '../binary/codeWriter.ts'
import type { ModuleLayout, Range } from '../decode/layout.ts'
import { accessSizeOf, storedOperandOf, storesOf } from '../opcodes/opcodeTable.ts'
import { mostLocals } from '../decode/moduleLimits.ts'
import { blockFlag, edit, editStride, scratch, scratchCount, type BodyPlan } from '../plan/bodyPlan.ts'
import { readMapAt, writeMapAt } from '../runtime/mapLayout.ts'
import type { CountedTypes } from './countedTypes.ts'
import type { OutputIndices } from './outputIndices.ts'
import { WasmError } from '../wasmError.ts'
import type { SegmentFunctions } from './segmentFunctions.ts'
import type { BranchHints } from './branchHints.ts'
import { emitCanonicalNan } from './canonicalNan.ts'
import { frameSize, hostFrame } from './frameSize.ts'
import { emitTableEdit } from './emitTableEdit.ts'
import { ShareOfSmall } from './shareOfSmall.ts'
import type { TableFunctions } from './tableFunctions.ts'

const nothing = { params: [], results: [] }
const scratchTypes = [0x7e, 0x7e, 0x7f, 0x7e, 0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x7e, 0x7f]

/** Scratch locals that are parameters where there is room for them. */
const handedOn = (1 << scratch.counter) | (1 << scratch.depth)

export interface BodyEmitterParts {
  readonly layout: ModuleLayout
  readonly indices: OutputIndices
  readonly segments: SegmentFunctions
  readonly tables: TableFunctions
  readonly hints: BranchHints
  readonly counted: CountedTypes
  readonly wide: boolean
  /** Whether touching a page takes instructions. */
  readonly charged: boolean
}

/**
 * Writes a body with its edits applied; everything between two edits is copied as it is.
 *
 * The counter is a parameter and is given back to the caller behind the results. What the blocks of a straight line cost is
 * `pending`: noted here, and taken off the local only where paths meet. `stale` says that the global alone is right: behind
 * calls of the host and of helpers. `synced` says that the global is known to be right, too.
 *
 * The body stands in a block of its own, so that branches out of the function find the way to the counter's return.
 */
export class BodyEmitter {
  readonly #layout: ModuleLayout
  readonly #indices: OutputIndices
  readonly #segments: SegmentFunctions
  readonly #tables: TableFunctions
  readonly #hints: BranchHints
  readonly #wide: boolean
  readonly #charged: boolean
  readonly #locals = new Int32Array(scratchCount)
  #nextMoved = 0
  readonly #counted: CountedTypes
  #pendingAtIf = new Float64Array(256)
  #syncedAtIf = new Uint8Array(256)
  #stale = false
  #synced = false
  #pending = 0
  /** Nothing reaches the code that is being written. */
  #dead = false
  #bodyStart = 0
  /** Of the bodies written so far, bytes by the model. */
  largestFrame = 0
  /** Counts the bodies written so far. */
  readonly shareOfSmall = new ShareOfSmall()

  constructor(parts: BodyEmitterParts) {
    const { layout, indices, segments, tables, hints, counted, wide, charged } = parts
    this.#layout = layout
    this.#indices = indices
    this.#segments = segments
    this.#tables = tables
    this.#hints = hints
    this.#counted = counted
    this.#wide = wide
    this.#charged = charged
  }

  /** Writes the body of the function with that input index. */
  emit(range: Range, functionIndex: number, plan: BodyPlan, out: CodeWriter): void {
    const type = this.#layout.functionTypes[functionIndex] ?? 0
    const start = out.openLength()
    this.#bodyStart = start
    this.#emitLocals(type, plan, out)
    out.op(0x02)
    this.#counted.writeBlockType(type, out)
    this.#emitCode(range, type, plan, out)
    this.#giveBack(type, out)
    out.end()
    out.fillLength(start)
    this.shareOfSmall.count(out.length - start)
    this.#hints.closeFunction(this.#indices.function(functionIndex))
  }

  #emitLocals(type: number, plan: BodyPlan, out: CodeWriter): void {
    const params = this.#counted.params(type).length
    const handed = this.#counted.isCounted(type) ? handedOn : 0
    const firstScratch = params + (handed === 0 ? 0 : 2) + plan.localCount
    const wanted = plan.scratch & ~handed
    let added = 0
    for (let bit = 0; bit < scratchCount; bit++) {
      this.#locals[bit] = firstScratch + added
      if ((wanted & (1 << bit)) !== 0) added++
    }
    if (handed !== 0) {
      this.#locals[scratch.counter] = params
      this.#locals[scratch.depth] = params + 1
    }
    if (firstScratch + added > mostLocals) throw new WasmError('too many locals beside those of the checks', plan.localGroupsStart)
    out.u32(plan.localGroups + added)
    out.copy(this.#layout.bytes, plan.localGroupsStart, plan.localGroupsEnd)
    for (let bit = 0; bit < scratchCount; bit++) {
      if ((wanted & (1 << bit)) !== 0) out.op(1, scratchTypes[bit] ?? 0)
    }
  }

  #local(bit: number): number {
    return this.#locals[bit] ?? 0
  }

  #emitCode(range: Range, type: number, plan: BodyPlan, out: CodeWriter): void {
    const { bytes } = this.#layout
    const frame = frameSize(plan, this.#layout.types[type] ?? nothing)
    if (frame > this.largestFrame) this.largestFrame = frame
    const { edits, editCount } = plan
    if (this.#syncedAtIf.length < plan.controlCount) {
      this.#syncedAtIf = new Uint8Array(plan.controlCount * 2)
      this.#pendingAtIf = new Float64Array(plan.controlCount * 2)
    }
    const handed = this.#counted.isCounted(type)
    this.#stale = !handed
    this.#synced = !handed
    this.#pending = 0
    this.#dead = false
    this.#nextMoved = 0
    plan.move(0x7fffffff)
    let copied = plan.localGroupsEnd
    for (let index = 0; index < editCount; index++) {
      const at = index * editStride
      const kind = edits[at] ?? 0
      const from = edits[at + 1] ?? 0
      const a = edits[at + 3] ?? 0
      if (from > copied) this.#copy(copied, from, plan, out)
      copied = edits[at + 2] ?? 0
      switch (kind) {
        case edit.head:
          this.#emitHead(a, index === 0 && plan.callsOut ? frame : -1, handed, plan, out)
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
          this.#settle(out)
          this.#synced = false
          this.#dead = false
          break
        case edit.if:
          // Without an else the untaken path joins at the end with the local as it is here.
          if (this.#stale || plan.hasElse[a] === 0) this.#settle(out)
          this.#pendingAtIf[a] = this.#pending
          this.#syncedAtIf[a] = this.#synced ? 1 : 0
          break
        case edit.else:
          this.#settle(out)
          this.#pending = this.#pendingAtIf[a] ?? 0
          this.#synced = this.#syncedAtIf[a] === 1
          this.#dead = false
          break
        case edit.loop:
          this.#settle(out)
          this.#synced = false
          break
        case edit.branch:
          this.#settle(out)
          if (a === 1) this.#dead = true
          break
        case edit.return:
          this.#settle(out)
          this.#giveBack(type, out)
          this.#dead = true
          break
        case edit.dead:
          this.#dead = true
          break
        case edit.call:
        case edit.callAndSync:
          if (a < this.#indices.importedFunctions) {
            this.#emitDepth(hostFrame, out)
            out.call(this.#indices.function(a))
            this.#noteStale()
          } else {
            this.#handOn(this.#layout.functionTypes[a] ?? 0, out)
            out.call(this.#indices.function(a))
            this.#takeBack(this.#layout.functionTypes[a] ?? 0, kind === edit.callAndSync, out)
          }
          break
        case edit.callIndirect:
        case edit.callIndirectAndSync:
          this.#emitCallIndirect(a, edits[at + 4] ?? 0, out)
          this.#takeBack(a, kind === edit.callIndirectAndSync, out)
          break
        case edit.returnCall:
        case edit.returnCallIndirect:
          this.#emitTailCall(kind === edit.returnCall, a, edits[at + 4] ?? 0, frame, out)
          break
        case edit.local:
          out.indexed(a, (edits[at + 4] ?? 0) + 2)
          break
        case edit.canonical:
          emitCanonicalNan(a, this.#local(a === 1 ? scratch.f32 : a === 2 ? scratch.f64 : scratch.v128), out)
          break
        case edit.refFunc:
          out.indexed(0xd2, this.#indices.reference(a))
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
    this.#copy(copied, range.end, plan, out)
  }

  /** Copies code without edits; locals behind the parameters that were added have other numbers. */
  #copy(from: number, to: number, { moved }: BodyPlan, out: CodeWriter): void {
    out.copy(this.#layout.bytes, from, to)
    const base = out.length - to
    let next = this.#nextMoved
    for (let position = moved[next] ?? to; position < to; position = moved[++next] ?? to) {
      out.buffer[base + position] = (out.buffer[base + position] ?? 0) + 2
    }
    this.#nextMoved = next
  }

  #emitTable(kind: number, from: number, to: number, a: number, b: number, out: CodeWriter): void {
    if (!emitTableEdit(kind, a, b, this.#tables, this.#segments, out)) out.copy(this.#layout.bytes, from, to)
    if (kind === edit.tableFill || kind === edit.tableCopy || kind === edit.tableInit) this.#noteStale()
  }

  #callOut(functionIndex: number, out: CodeWriter): void {
    out.call(functionIndex)
    this.#noteStale()
  }

  #noteStale(): void {
    this.#stale = true
    this.#pending = 0
  }

  /** Makes the local right. */
  #settle(out: CodeWriter): void {
    if (this.#dead) {
      this.#stale = false
      this.#pending = 0
      return
    }
    if (this.#stale) {
      out.getGlobal(this.#indices.counter).set(this.#local(scratch.counter))
      this.#synced = true
    } else if (this.#pending !== 0) {
      this.#getCounter(out)
      out.set(this.#local(scratch.counter))
    }
    this.#stale = false
    this.#pending = 0
  }

  /** Pushes the number of instructions left. */
  #getCounter(out: CodeWriter): void {
    if (this.#stale) out.getGlobal(this.#indices.counter)
    else {
      out.get(this.#local(scratch.counter))
      if (this.#pending !== 0) out.i64(this.#pending).op(code.i64Sub)
    }
  }

  /** At the end of the function: the counter goes behind the results, or where there is no room for it to the global. */
  #giveBack(type: number, out: CodeWriter): void {
    out.get(this.#local(scratch.counter))
    if (!this.#counted.isCounted(type)) out.setGlobal(this.#indices.counter)
  }

  /** Before a call of a function of the module: what it may use, behind its operands. */
  #handOn(type: number, out: CodeWriter): void {
    if (!this.#counted.isCounted(type)) {
      this.#emitDepth(0, out)
      return
    }
    this.#getCounter(out)
    out.get(this.#local(scratch.depth))
  }

  /** The index of the entry stands above the operands; what is handed on goes between. */
  #emitCallIndirect(type: number, table: number, out: CodeWriter): void {
    const entry = this.#local(this.#tables.index(table) === 'i64' ? scratch.address64 : scratch.entry)
    out.set(entry)
    this.#handOn(type, out)
    out.get(entry).indexed(0x11, this.#counted.of(type)).u32(table)
  }

  /** Behind a call of a function that counted on. */
  #takeBack(type: number, sync: boolean, out: CodeWriter): void {
    this.#noteStale()
    if (!this.#counted.isCounted(type)) return
    if (sync) out.tee(this.#local(scratch.counter)).setGlobal(this.#indices.counter)
    else out.set(this.#local(scratch.counter))
    this.#stale = false
    this.#synced = sync
  }

  /** The frame is given back before the callee takes its own. */
  #emitTailCall(direct: boolean, target: number, table: number, frame: number, out: CodeWriter): void {
    const type = direct ? (this.#layout.functionTypes[target] ?? 0) : target
    const entry = this.#local(this.#tables.index(table) === 'i64' ? scratch.address64 : scratch.entry)
    if (!direct) out.set(entry)
    const counted = this.#counted.isCounted(type)
    if (counted) this.#getCounter(out)
    out.get(this.#local(scratch.depth)).i64(frame).op(code.i64Add)
    if (!counted) out.setGlobal(this.#indices.depth)
    if (!direct) out.get(entry).indexed(0x13, this.#counted.of(type)).u32(table)
    else out.indexed(0x12, this.#indices.reference(target))
    this.#dead = true
  }

  #emitDepth(beyond: number, out: CodeWriter): void {
    out.get(this.#local(scratch.depth))
    if (beyond !== 0) out.i64(beyond).op(code.i64Sub)
    out.setGlobal(this.#indices.depth)
  }

  #emitHead(block: number, frame: number, handed: boolean, plan: BodyPlan, out: CodeWriter): void {
    const cost = plan.blockCost[block] ?? 0
    const flags = plan.blockFlags[block] ?? 0
    const exact = (flags & blockFlag.exact) !== 0
    const counter = this.#local(scratch.counter)
    const global = this.#indices.counter
    if ((flags & blockFlag.checked) !== 0) {
      this.#emitChecked(cost, frame, handed, out)
      if (exact) out.get(counter).setGlobal(global)
      this.#synced = exact
      return
    }
    if (this.#dead) return
    if (cost !== 0 && this.#stale) this.#settle(out)
    this.#pending += cost
    if (cost !== 0) this.#synced = false
    if (!exact || this.#stale || this.#synced) return
    this.#getCounter(out)
    out.setGlobal(global)
    this.#synced = true
  }

  /** Charge and test; at the entry of a function that calls others the stack depth is tested by the same branch. */
  #emitChecked(cost: number, frame: number, handed: boolean, out: CodeWriter): void {
    const counter = this.#local(scratch.counter)
    const depth = this.#local(scratch.depth)
    if (frame >= 0) {
      if (handed) out.get(depth)
      else out.getGlobal(this.#indices.depth)
      out.i64(frame).op(code.i64Sub).tee(depth)
    }
    this.#pending += cost
    this.#getCounter(out)
    if (this.#stale && cost !== 0) out.i64(cost).op(code.i64Sub)
    this.#stale = false
    this.#pending = 0
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
    this.#getCounter(out)
    // The helper needs no entry: a second use keeps V8 from loading it twice.
    out.get(this.#local(scratch.entry)).call(this.#indices.runtime(changes ? 'slowWrite' : 'slowRead'))
    this.#takeCharged(out)
    out.end().get(address)
    if (operand !== 0) out.get(value)
    out.copy(this.#layout.bytes, from, to)
  }

  /** What a slow path left of the counter; the paths meet with the same amount pending. */
  #takeCharged(out: CodeWriter): void {
    if (!this.#charged || this.#stale) {
      out.op(code.drop)
      return
    }
    if (this.#pending !== 0) out.i64(this.#pending).op(code.i64Add)
    out.set(this.#local(scratch.counter))
  }
}
