import { decodeModule } from './decode/decodeModule.ts'
import { edit, editStride, BodyPlan } from './plan/bodyPlan.ts'
import { BodyScanner } from './plan/scanBody.ts'
import { readingSettings } from './readModule.ts'

const tableChanges: Readonly<Record<number, string>> = {
  [edit.tableSet]: 'table.set',
  [edit.tableGrow]: 'table.grow',
  [edit.tableFill]: 'table.fill',
  [edit.tableCopy]: 'table.copy',
  [edit.tableInit]: 'table.init',
}

/**
 * The first opcode of a module that changes a table, and the index of the function it stands in, imports counted.
 *
 * @throws WasmError on anything malformed or unsupported
 */
export function firstTableChange(bytes: Uint8Array): { readonly functionIndex: number; readonly opcode: string } | undefined {
  const layout = decodeModule(bytes)
  const scanner = new BodyScanner(layout, readingSettings(layout))
  const plan = new BodyPlan()
  for (const [index, body] of layout.bodies.entries()) {
    const functionIndex = layout.importedFunctions + index
    scanner.scan(body, layout.functionTypes[functionIndex] ?? 0, plan)
    for (let at = 0; at < plan.editCount; at++) {
      const opcode = tableChanges[plan.edits[at * editStride] ?? 0]
      if (opcode !== undefined) return { functionIndex, opcode }
    }
  }
  return undefined
}
