import { code, type CodeWriter } from '../binary/codeWriter.ts'
import type { ModuleLayout } from '../decode/layout.ts'
import type { ValueType } from '../facts.ts'
import type { ResolvedOptions } from '../resolvedOptions.ts'
import type { MadeParts } from './madeParts.ts'
import type { OutputIndices } from './outputIndices.ts'
import type { SegmentFunctions } from './segmentFunctions.ts'

const misc = 0xfc
const opcode = { init: 0x0c, copy: 0x0e, grow: 0x0f, size: 0x10, fill: 0x11 } as const
const tableGet = 0x25
const tableSet = 0x26

/**
 * Table opcodes that charge per element, and tables whose size can be rolled back.
 *
 * A table cannot shrink, so one that the module grows has a spare: entries at its end that a rollback took away. They are
 * null; sizes and bounds leave them out. (A `call_indirect` into the spare traps as on a null entry.)
 */
export class TableFunctions {
  readonly #layout: ModuleLayout
  readonly #indices: OutputIndices
  readonly #made: MadeParts
  readonly #segments: SegmentFunctions
  readonly #rollback: boolean
  readonly #grown: ReadonlySet<number>
  readonly #functions = new Map<string, number>()
  readonly #spares = new Map<number, number>()

  constructor(
    layout: ModuleLayout,
    indices: OutputIndices,
    made: MadeParts,
    segments: SegmentFunctions,
    options: ResolvedOptions,
    grown: ReadonlySet<number>,
  ) {
    this.#layout = layout
    this.#indices = indices
    this.#made = made
    this.#segments = segments
    this.#rollback = options.rollback
    this.#grown = grown
  }

  /** Global that holds the spare entries of a table; undefined where its size never changes or is never rolled back. */
  spare(table: number): number | undefined {
    if (!this.#rollback || !this.#grown.has(table)) return undefined
    const known = this.#spares.get(table)
    if (known !== undefined) return known
    const spare = this.#made.global(this.index(table))
    this.#spares.set(table, spare)
    return spare
  }

  /** Type of a table's indices. */
  index(table: number): 'i32' | 'i64' {
    return this.#layout.tables[table]?.limits.address ?? 'i32'
  }

  element(table: number): ValueType {
    return this.#layout.tables[table]?.element ?? 'funcref'
  }

  /** Pushes a table's logical size. */
  size(table: number, out: CodeWriter): void {
    out.op(misc).indexed(opcode.size, table)
    const spare = this.spare(table)
    if (spare !== undefined) out.getGlobal(spare).op(this.index(table) === 'i64' ? code.i64Sub : code.i32Sub)
  }

  /** `(index) -> element` with the logical bounds; undefined where the opcode's own will do. */
  get(table: number): number | undefined {
    if (this.spare(table) === undefined) return undefined
    const type = { params: [this.index(table)], results: [this.element(table)] }
    return this.#make(`get ${table}`, type, (out) => {
      this.#checkRange(table, out, [0], this.index(table))
      out.get(0).indexed(tableGet, table)
    })
  }

  /** `(index, element)`, as `get`. */
  set(table: number): number | undefined {
    if (this.spare(table) === undefined) return undefined
    const type = { params: [this.index(table), this.element(table)], results: [] }
    return this.#make(`set ${table}`, type, (out) => {
      this.#checkRange(table, out, [0], this.index(table))
      out.get(0).get(1).indexed(tableSet, table)
    })
  }

  /** `(index, element, length)`. */
  fill(table: number): number {
    const index = this.index(table)
    const type = { params: [index, this.element(table), index], results: [] }
    return this.#make(`fill ${table}`, type, (out) => {
      this.#take(out, 2, index)
      this.#checkRange(table, out, [0, 2], index)
      out.get(0).get(1).get(2).op(misc).indexed(opcode.fill, table)
    })
  }

  /** `(target index, source index, length)`. */
  copy(target: number, source: number): number {
    const [to, from] = [this.index(target), this.index(source)]
    const length = to === 'i64' && from === 'i64' ? 'i64' : 'i32'
    return this.#make(`copy ${target} ${source}`, { params: [to, from, length], results: [] }, (out) => {
      this.#take(out, 2, length)
      this.#checkRange(target, out, [0, 2], to, length)
      this.#checkRange(source, out, [1, 2], from, length)
      out.get(0).get(1).get(2).op(misc).indexed(opcode.copy, target)
      out.u32(source)
    })
  }

  /** `(target index, source index, length)` from an element segment. */
  init(segment: number, table: number): number {
    const index = this.index(table)
    return this.#make(`init ${segment} ${table}`, { params: [index, 'i32', 'i32'], results: [] }, (out) => {
      this.#take(out, 2, 'i32')
      this.#checkRange(table, out, [0, 2], index, 'i32')
      // A dropped segment is an empty one.
      out.get(1).op(code.i64ExtendI32U).get(2).op(code.i64ExtendI32U, code.i64Add).op(code.i64Eqz, code.i32Eqz)
      out.getGlobal(this.#segments.elementFlag(segment)).op(code.i32And).if()
      this.#trap(table, out)
      out.end()
      out.getGlobal(this.#segments.elementFlag(segment)).if().op(code.return).end()
      out.get(0).get(1).get(2).op(misc).indexed(opcode.init, segment)
      out.u32(table)
    })
  }

  /** `(element, delta) -> old size or -1`; undefined where the opcode's own will do. */
  grow(table: number): number | undefined {
    const spare = this.spare(table)
    if (spare === undefined) return undefined
    const index = this.index(table)
    const wide = index === 'i64'
    const [element, delta, old, used] = [0, 1, 2, 3]
    const less = wide ? code.i64LtU : code.i32LtU
    const subtract = wide ? code.i64Sub : code.i32Sub
    const type = { params: [this.element(table), index], results: [index] }
    return this.#make(
      `grow ${table}`,
      type,
      (out) => {
        this.size(table, out)
        out.set(old)
        // used = min(delta, spare): what the spare gives; the rest is grown.
        out.get(delta).getGlobal(spare).get(delta).getGlobal(spare).op(less, code.select).set(used)
        out.get(element).get(delta).get(used).op(subtract, misc).indexed(opcode.grow, table)
        if (wide) out.i64(-1).op(code.i64Eq)
        else out.i32(-1).op(code.i32Eq)
        out.if()
        if (wide) out.i64(-1)
        else out.i32(-1)
        out.op(code.return).end()
        out.get(old).get(element).get(used).op(misc).indexed(opcode.fill, table)
        out.getGlobal(spare).get(used).op(subtract).setGlobal(spare).get(old)
      },
      [[2, index]],
    )
  }

  #make(
    key: string,
    type: { readonly params: readonly ValueType[]; readonly results: readonly ValueType[] },
    write: (out: CodeWriter) => void,
    locals: readonly (readonly [number, ValueType])[] = [],
  ): number {
    const known = this.#functions.get(key)
    if (known !== undefined) return known
    const index = this.#made.function(type, locals, write)
    this.#functions.set(key, index)
    return index
  }

  #take(out: CodeWriter, length: number, type: 'i32' | 'i64'): void {
    out.get(length)
    if (type === 'i32') out.op(code.i64ExtendI32U)
    out.call(this.#indices.runtime('take'))
  }

  /** Traps when index + length lies beyond the logical size, or index alone is not below it. */
  #checkRange(
    table: number,
    out: CodeWriter,
    [index, length]: readonly [number, number?],
    type: 'i32' | 'i64',
    lengthType: 'i32' | 'i64' = type,
  ): void {
    if (this.spare(table) === undefined) return
    const extend = (narrow: boolean): void => {
      if (narrow) out.op(code.i64ExtendI32U)
    }
    this.size(table, out)
    extend(type === 'i32')
    out.get(index)
    extend(type === 'i32')
    if (length === undefined) out.op(code.i64LeU)
    else {
      // size < index + length; a sum that wraps around is below the index.
      out.get(length)
      extend(lengthType === 'i32')
      out.op(code.i64Add, code.i64LtU)
      if (type === 'i64') out.get(index).get(length)
      if (type === 'i64') extend(lengthType === 'i32')
      if (type === 'i64') out.op(code.i64Add).get(index).op(code.i64LtU, code.i32Or)
    }
    out.if()
    this.#trap(table, out)
    out.end()
  }

  /** The engine's own trap for an index out of bounds. */
  #trap(table: number, out: CodeWriter): void {
    if (this.index(table) === 'i64') out.i64(-1)
    else out.i32(-1)
    out.indexed(tableGet, table).op(code.drop, code.unreachable)
  }
}
