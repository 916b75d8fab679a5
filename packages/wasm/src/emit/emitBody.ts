import { code, type CodeWriter } from '../binary/codeWriter.ts'
import type { ModuleLayout, Range } from '../decode/layout.ts'
import { storesOf } from '../opcodes/opcodeTable.ts'
import { edit, editStride, scratch, type BodyPlan } from '../plan/bodyPlan.ts'
import { AccessEmitter } from './accessEmitter.ts'
import type { BranchHints } from './branchHints.ts'
import { CallEmitter } from './callEmitter.ts'
import { emitCanonicalNan } from './canonicalNan.ts'
import type { CountedTypes } from './countedTypes.ts'
import { CounterFlow } from './counterFlow.ts'
import { emitTableEdit } from './emitTableEdit.ts'
import { frameSize } from './frameSize.ts'
import type { OutputIndices } from './outputIndices.ts'
import { ScratchLocals } from './scratchLocals.ts'
import type { SegmentFunctions } from './segmentFunctions.ts'
import { ShareOfSmall } from './shareOfSmall.ts'
import type { TableFunctions } from './tableFunctions.ts'

const nothing = { params: [], results: [] }

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
 * The body stands in a block of its own, so that branches out of the function find the way to the counter's return.
 */
export class BodyEmitter {
  readonly #layout: ModuleLayout
  readonly #indices: OutputIndices
  readonly #segments: SegmentFunctions
  readonly #tables: TableFunctions
  readonly #hints: BranchHints
  readonly #wide: boolean
  readonly #counted: CountedTypes
  readonly #locals: ScratchLocals
  readonly #flow: CounterFlow
  readonly #access: AccessEmitter
  readonly #calls: CallEmitter
  #nextMoved = 0
  /** Of the bodies written so far, bytes by the model. */
  largestFrame = 0
  /** Counts the bodies written so far. */
  readonly shareOfSmall = new ShareOfSmall()

  constructor(parts: BodyEmitterParts) {
    const { layout, indices, segments, tables, hints, counted, wide } = parts
    this.#layout = layout
    this.#indices = indices
    this.#segments = segments
    this.#tables = tables
    this.#hints = hints
    this.#counted = counted
    this.#wide = wide
    this.#locals = new ScratchLocals(layout, counted)
    this.#flow = new CounterFlow(indices, this.#locals, hints, counted)
    this.#access = new AccessEmitter(parts, this.#locals, this.#flow)
    this.#calls = new CallEmitter(parts, this.#locals, this.#flow)
  }

  /** Writes the body of the function with that input index. */
  emit(range: Range, functionIndex: number, plan: BodyPlan, out: CodeWriter): void {
    const type = this.#layout.functionTypes[functionIndex] ?? 0
    const start = out.openLength()
    this.#hints.openFunction(start)
    this.#locals.write(type, plan, out)
    out.op(0x02)
    this.#counted.writeBlockType(type, out)
    this.#emitCode(range, type, plan, out)
    this.#flow.giveBack(type, out)
    out.end()
    out.fillLength(start)
    this.shareOfSmall.count(out.length - start)
    this.#hints.closeFunction(this.#indices.function(functionIndex))
  }

  #emitCode(range: Range, type: number, plan: BodyPlan, out: CodeWriter): void {
    const { bytes } = this.#layout
    const frame = frameSize(plan, this.#layout.types[type] ?? nothing)
    if (frame > this.largestFrame) this.largestFrame = frame
    const { edits, editCount } = plan
    const flow = this.#flow
    flow.start(plan)
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
          flow.enterBlock(a, index === 0 && plan.callsOut ? frame : -1, plan, out)
          break
        case edit.access:
          this.#access.test(a, plan.offsets[edits[at + 4] ?? 0] ?? 0, storesOf[a] === 1, out)
          out.copy(bytes, from, copied)
          break
        case edit.accessNoted:
        case edit.accessBehind:
          this.#access.testNear(a, plan.offsets[edits[at + 4] ?? 0] ?? 0, kind === edit.accessNoted, out)
          out.copy(bytes, from, copied)
          break
        case edit.plainAccess:
          out.copy(bytes, from, copied)
          break
        case edit.accessToChange:
          this.#access.test(a, plan.offsets[edits[at + 4] ?? 0] ?? 0, true, out)
          out.copy(bytes, from, copied)
          break
        case edit.end:
          flow.meet(out)
          break
        case edit.if:
          flow.enterIf(a, plan.hasElse[a] !== 0, out)
          break
        case edit.else:
          flow.enterElse(a, out)
          break
        case edit.loop:
          flow.enterLoop(out)
          break
        case edit.branch:
          flow.settle(out)
          if (a === 1) flow.noteDead()
          break
        case edit.return:
          flow.settle(out)
          flow.giveBack(type, out)
          flow.noteDead()
          break
        case edit.dead:
          flow.noteDead()
          break
        case edit.call:
        case edit.callAndSync:
          this.#calls.direct(a, kind === edit.callAndSync, out)
          break
        case edit.callIndirect:
        case edit.callIndirectAndSync:
          this.#calls.indirect(a, edits[at + 4] ?? 0, kind === edit.callIndirectAndSync, out)
          break
        case edit.returnCall:
          this.#calls.tail(a, frame, out)
          break
        case edit.returnCallIndirect:
          this.#calls.tailIndirect(a, edits[at + 4] ?? 0, frame, out)
          break
        case edit.local:
          out.indexed(a, (edits[at + 4] ?? 0) + 2)
          break
        case edit.canonical:
          emitCanonicalNan(a, this.#locals.of(a === 1 ? scratch.f32 : a === 2 ? scratch.f64 : scratch.v128), out)
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
          this.#segments.dropData(a, out)
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
    if (kind === edit.tableFill || kind === edit.tableCopy || kind === edit.tableInit) this.#flow.noteStale()
  }

  #callOut(functionIndex: number, out: CodeWriter): void {
    out.call(functionIndex)
    this.#flow.noteStale()
  }
}
