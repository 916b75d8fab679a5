/** Names of functions, for whoever reports where an execution was. */
import { ByteReader } from './binary/byteReader.ts'
import { hostFunctionNames } from './emit/outputIndices.ts'
import type { ModuleFacts } from './facts.ts'
import { WasmError } from './wasmError.ts'

/** Subsection of the section `name` that has the names of functions. */
const functionNamesId = 1

/** Names by function index, imports first; undefined when the module has none that can be read. What names no function is left out. */
export function functionNames({ customSections, imports, functionCount }: ModuleFacts): ReadonlyMap<number, string> | undefined {
  const section = customSections.find(({ name }) => name === 'name')
  if (section === undefined) return undefined
  try {
    return readNames(new ByteReader(section.contents), imports.length + functionCount)
  } catch (error) {
    // The section is no part of what is validated: whatever it holds, the module is one.
    if (error instanceof WasmError) return undefined
    throw error
  }
}

function readNames(reader: ByteReader, functions: number): ReadonlyMap<number, string> | undefined {
  while (reader.position < reader.end) {
    const id = reader.byte()
    const size = reader.u32()
    const start = reader.skip(size)
    if (id !== functionNamesId) continue
    const names = new Map<number, string>()
    const entries = new ByteReader(reader.bytes, start, start + size)
    for (let left = entries.count(); left > 0; left--) {
      const index = entries.u32()
      const name = entries.name()
      if (index < functions) names.set(index, name)
    }
    return names
  }
  return undefined
}

/** Where a function of the rewritten module stands in the one it was made from; undefined for imports and for what was added. */
export function originalFunctionIndex({ imports, functionCount }: ModuleFacts, rewrittenIndex: number): number | undefined {
  const imported = imports.filter(({ kind }) => kind === 'function').length
  const index = rewrittenIndex - hostFunctionNames.length
  return index >= imported && index < imported + functionCount ? index : undefined
}
