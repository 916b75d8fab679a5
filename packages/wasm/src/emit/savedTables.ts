import { code, type CodeWriter } from '../binary/codeWriter.ts'
import { typeByte } from '../decode/valueTypes.ts'
import type { OutputIndices } from './outputIndices.ts'
import type { MadeParts } from './madeParts.ts'
import type { TableFunctions } from './tableFunctions.ts'

const misc = 0xfc
const opcode = { copy: 0x0e, grow: 0x0f, size: 0x10, fill: 0x11 } as const

/**
 * Shadows of the tables that the module changes: `begin` copies each of them whole, `rollback` copies it back.
 *
 * The cost grows with the table, but only modules that change tables pay it.
 */
export class SavedTables {
  readonly #tables: TableFunctions
  readonly #indices: OutputIndices
  readonly #shadows: readonly { readonly table: number; readonly shadow: number; readonly size: number }[]

  constructor(mutated: ReadonlySet<number>, firstShadow: number, tables: TableFunctions, indices: OutputIndices, made: MadeParts) {
    this.#tables = tables
    this.#indices = indices
    this.#shadows = [...mutated].map((table, position) => ({
      table,
      shadow: firstShadow + position,
      size: made.global(tables.index(table)),
    }))
  }

  /** Table section entries of the shadows: same type, empty, unbounded. */
  entries(): number[][] {
    return this.#shadows.map(({ table }) => [typeByte[this.#tables.element(table)], this.#tables.index(table) === 'i64' ? 4 : 0, 0])
  }

  save(out: CodeWriter): void {
    for (const { table, shadow, size } of this.#shadows) {
      const wide = this.#tables.index(table) === 'i64'
      const zero = (): CodeWriter => (wide ? out.i64(0) : out.i32(0))
      this.#tables.size(table, out)
      out.setGlobal(size)
      out
        .getGlobal(size)
        .op(misc)
        .indexed(opcode.size, shadow)
        .op(wide ? code.i64GtU : code.i32GtU)
        .if()
      this.#null(table, out)
      out
        .getGlobal(size)
        .op(misc)
        .indexed(opcode.size, shadow)
        .op(wide ? code.i64Sub : code.i32Sub)
      out.op(misc).indexed(opcode.grow, shadow)
      if (wide) out.i64(-1).op(code.i64Eq)
      else out.i32(-1).op(code.i32Eq)
      out.if().call(this.#indices.host('out_of_memory')).op(code.unreachable).end().end()
      zero()
      zero()
      out.getGlobal(size).op(misc).indexed(opcode.copy, shadow)
      out.u32(table)
    }
  }

  restore(out: CodeWriter): void {
    for (const { table, shadow, size } of this.#shadows) {
      const wide = this.#tables.index(table) === 'i64'
      const zero = (): CodeWriter => (wide ? out.i64(0) : out.i32(0))
      const subtract = wide ? code.i64Sub : code.i32Sub
      zero()
      zero()
      out.getGlobal(size).op(misc).indexed(opcode.copy, table)
      out.u32(shadow)
      const spare = this.#tables.spare(table)
      if (spare === undefined) continue
      // Entries beyond the old size become the spare, and null.
      out.getGlobal(size)
      this.#null(table, out)
      this.#tables.size(table, out)
      out.getGlobal(size).op(subtract, misc).indexed(opcode.fill, table)
      out.op(misc).indexed(opcode.size, table).getGlobal(size).op(subtract).setGlobal(spare)
    }
  }

  #null(table: number, out: CodeWriter): void {
    out.op(0xd0, typeByte[this.#tables.element(table)])
  }
}
