import type { ByteReader } from '../binary/byteReader.ts'
import { immediateKinds as kind } from '../opcodes/opcodeTable.ts'
import { edit, type BodyPlan } from './bodyPlan.ts'
import type { ModuleUse } from './moduleUse.ts'

/** Memory and table opcodes other than loads and stores. True when the operation hands control to a helper or traps. */
export function scanRare(reader: ByteReader, opcode: number, immediate: number, start: number, plan: BodyPlan, use: ModuleUse): boolean {
  const first = reader.u32()
  const second =
    immediate === kind.memoryInit || immediate === kind.memoryCopy || immediate === kind.tableInit || immediate === kind.tableCopy
      ? reader.u32()
      : 0
  const to = reader.position
  const place = (what: number): boolean => {
    plan.add(what, start, to, first, second)
    return what !== edit.memorySize && what !== edit.tableSize && what !== edit.dataDrop && what !== edit.elementDrop
  }
  switch (opcode) {
    case 0x3f:
      return place(edit.memorySize)
    case 0x40:
      return place(edit.memoryGrow)
    case 0x25:
      return place(edit.tableGet)
    case 0x26:
      use.mutatedTables.add(first)
      return place(edit.tableSet)
    case 0x109:
      return place(edit.dataDrop)
    case 0x10d:
      return place(edit.elementDrop)
    case 0x110:
      return place(edit.tableSize)
    case 0x10f:
      use.grownTables.add(first)
      use.mutatedTables.add(first)
      return place(edit.tableGrow)
    default:
      plan.bulkOperations++
  }
  switch (opcode) {
    case 0x108:
      return place(edit.memoryInit)
    case 0x10a:
      return place(edit.memoryCopy)
    case 0x10b:
      return place(edit.memoryFill)
    case 0x10c:
      use.mutatedTables.add(second)
      return place(edit.tableInit)
    case 0x10e:
      use.mutatedTables.add(first)
      return place(edit.tableCopy)
    case 0x111:
      use.mutatedTables.add(first)
      return place(edit.tableFill)
    default:
      return reader.fail('unexpected opcode')
  }
}
