import { code, type CodeWriter } from '../binary/codeWriter.ts'
import type { ModuleLayout } from '../decode/layout.ts'
import type { ValueType } from '../facts.ts'
import type { MadeParts } from './madeParts.ts'
import type { OutputIndices } from './outputIndices.ts'
import type { ResolvedOptions } from '../resolvedOptions.ts'

/**
 * `memory.init` and the dropping of segments.
 *
 * Dropping is state that an engine cannot undo, so it becomes a flag; an initialisation from a dropped segment, or from an
 * active one (dropped once written), sees a segment of length zero.
 */
export class SegmentFunctions {
  readonly #layout: ModuleLayout
  readonly #indices: OutputIndices
  readonly #made: MadeParts
  readonly #options: ResolvedOptions
  readonly #address: ValueType
  readonly #inits = new Map<number, number>()
  /** Flag global of each data segment and of each element segment, by segment. */
  readonly #dataFlags = new Map<number, number>()
  readonly #elementFlags = new Map<number, number>()
  readonly #dropped = new Set<number>()

  constructor(layout: ModuleLayout, indices: OutputIndices, made: MadeParts, options: ResolvedOptions) {
    this.#layout = layout
    this.#indices = indices
    this.#made = made
    this.#options = options
    this.#address = layout.memories[0]?.limits.address ?? 'i32'
  }

  /** Writes `data.drop`. */
  dropData(segment: number, out: CodeWriter): void {
    this.#drop(flagOf(this.#dataFlags, segment, this.#made), out)
  }

  /** Writes `elem.drop`. */
  dropElements(segment: number, out: CodeWriter): void {
    this.#drop(flagOf(this.#elementFlags, segment, this.#made), out)
  }

  /** Flag global of an element segment: not zero once it is dropped. */
  elementFlag(segment: number): number {
    return flagOf(this.#elementFlags, segment, this.#made)
  }

  /** Flags of the segments that bodies drop; those of all others stay zero. */
  droppedFlags(): readonly number[] {
    return [...this.#dropped]
  }

  /** Function `(target, source, length)` that charges, checks and then initialises. */
  memoryInit(segment: number): number {
    const known = this.#inits.get(segment)
    if (known !== undefined) return known
    const data = this.#layout.data[segment]
    const size = data ? data.payload.end - data.payload.start : 0
    const active = data?.offset !== undefined
    const wide = this.#address === 'i64'
    const [target, source, length] = [0, 1, 2]
    const index = this.#made.function({ params: [this.#address, 'i32', 'i32'], results: [] }, [], (out) => {
      out.get(length).op(code.i64ExtendI32U).call(this.#indices.runtime('take'))
      out.get(source).op(code.i64ExtendI32U).get(length).op(code.i64ExtendI32U, code.i64Add)
      this.#effectiveSize(segment, active, size, out)
      out.op(code.i64GtU).if().call(this.#indices.host('heap_out_of_bounds')).op(code.unreachable).end()
      if (this.#options.tracked) {
        out.get(target)
        if (!wide) out.op(code.i64ExtendI32U)
        out.get(length).op(code.i64ExtendI32U).call(this.#indices.runtime('bounds'))
        out.get(length).op(code.i32Eqz).if().op(code.return).end().get(target)
        if (!wide) out.op(code.i64ExtendI32U)
        out.get(length).op(code.i64ExtendI32U).call(this.#indices.runtime('rangeWrite'))
      }
      // An active segment has length zero here, so only the target's bounds are left to check; any segment serves for that.
      out.get(target).get(source).get(length).op(0xfc).indexed(0x08, segment).byte(0)
    })
    this.#inits.set(segment, index)
    return index
  }

  #effectiveSize(segment: number, active: boolean, size: number, out: CodeWriter): void {
    out.i64(active ? 0 : size)
    if (active) return
    const flag = flagOf(this.#dataFlags, segment, this.#made)
    out.op(code.drop).i64(0).i64(size).getGlobal(flag).op(code.select)
  }

  #drop(flag: number, out: CodeWriter): void {
    this.#dropped.add(flag)
    out.i32(1).setGlobal(flag)
  }
}

function flagOf(flags: Map<number, number>, segment: number, made: MadeParts): number {
  const known = flags.get(segment)
  if (known !== undefined) return known
  const flag = made.global('i32')
  flags.set(segment, flag)
  return flag
}
