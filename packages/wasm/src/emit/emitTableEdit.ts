import type { CodeWriter } from '../binary/codeWriter.ts'
import { edit } from '../plan/bodyPlan.ts'
import type { SegmentFunctions } from './segmentFunctions.ts'
import type { TableFunctions } from './tableFunctions.ts'

/**
 * Writes a table opcode. `a` and `b` are as noted at the kinds of edits; false means that the opcode stays as it is.
 */
export function emitTableEdit(
  kind: number,
  a: number,
  b: number,
  tables: TableFunctions,
  segments: SegmentFunctions,
  out: CodeWriter,
): boolean {
  switch (kind) {
    case edit.elementDrop:
      segments.dropElements(a, out)
      return true
    case edit.tableSize:
      tables.size(a, out)
      return true
    case edit.tableFill:
      out.call(tables.fill(a))
      return true
    case edit.tableCopy:
      out.call(tables.copy(a, b))
      return true
    case edit.tableInit:
      out.call(tables.init(a, b))
      return true
    case edit.tableGet:
      return callIfMade(tables.get(a), out)
    case edit.tableSet:
      return callIfMade(tables.set(a), out)
    case edit.tableGrow:
      return callIfMade(tables.grow(a), out)
    default:
      return false
  }
}

function callIfMade(functionIndex: number | undefined, out: CodeWriter): boolean {
  if (functionIndex === undefined) return false
  out.call(functionIndex)
  return true
}
