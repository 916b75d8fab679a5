import { ByteReader } from '../binary/byteReader.ts'
import type { AddressType, ValueType } from '../facts.ts'
import { WasmError } from '../wasmError.ts'
import { type ConstantExpression, skipConstantExpression } from './constantExpression.ts'
import type { ElementSegment, Limits, ModuleLayout } from './layout.ts'
import { entryLimits, largestBody, mostCustomSections, mostParameters, mostResults } from './moduleLimits.ts'
import { refusedComponent, refusedDefinitions, refusedMemories } from './proposals.ts'
import { readReferenceType, readValueType } from './valueTypes.ts'

const kinds = ['function', 'table', 'memory', 'global'] as const
/** Section ids in the order in which they may appear: data count stands before code. */
const sectionOrder = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11]
const tagSection = 13
const componentVersion = [0x0d, 0x00, 0x01, 0x00]

/** Cuts a module into its sections' entries. Time and memory are linear in the input; malformed bytes give a `WasmError`. */
export function decodeModule(bytes: Uint8Array): ModuleLayout {
  const reader = new ByteReader(bytes)
  for (const expected of [0x00, 0x61, 0x73, 0x6d]) if (reader.byte() !== expected) reader.fail('magic header not detected')
  if (componentVersion.every((expected, index) => bytes[reader.position + index] === expected)) throw new WasmError(refusedComponent, 0)
  for (const expected of [0x01, 0x00, 0x00, 0x00]) if (reader.byte() !== expected) reader.fail('unknown binary version')
  const layout: ModuleLayout = {
    bytes,
    types: [],
    imports: [],
    functionTypes: [],
    importedFunctions: 0,
    tables: [],
    memories: [],
    globals: [],
    exports: [],
    start: undefined,
    elements: [],
    data: [],
    bodies: [],
    codeSectionSize: 0,
    customSections: [],
    extendedConstants: false,
  }
  let last = -1
  while (reader.position < bytes.length) {
    const id = reader.byte()
    const size = reader.u32()
    const start = reader.skip(size)
    const section = new ByteReader(bytes, start, start + size)
    if (id === 0) {
      if (layout.customSections.length >= mostCustomSections) section.fail('too many custom sections')
      const name = section.name()
      layout.customSections.push({ name, contents: bytes.subarray(section.position, section.end) })
      continue
    }
    const rank = sectionOrder.indexOf(id)
    if (rank < 0) section.fail(id === tagSection ? 'exceptions proposal not enabled' : `malformed section id: ${id}`)
    if (rank <= last) section.fail('section out of order')
    last = rank
    readSection(id, section, layout)
    if (section.position !== section.end) section.fail('section size mismatch')
  }
  if (layout.bodies.length !== layout.functionTypes.length - layout.importedFunctions) {
    reader.fail('function and code section have inconsistent lengths')
  }
  return layout
}

function readSection(id: number, reader: ByteReader, layout: ModuleLayout): void {
  if (id === 8) {
    layout.start = functionIndex(reader, layout)
    return
  }
  if (id === 12) {
    reader.u32()
    return
  }
  const start = reader.position
  const count = reader.count()
  if (id === 5) requireOneMemory(layout.memories.length + count, start)
  const [name, most] = entryLimits[id] ?? reader.fail(`unknown section ${id}`)
  if (count > most) reader.fail(`${name} count exceeds limit of ${most}`)
  if (id === 10) layout.codeSectionSize = reader.end - reader.position
  const read = sectionReaders[id] ?? reader.fail(`unknown section ${id}`)
  for (let index = 0; index < count; index++) read(reader, layout)
}

const sectionReaders: Readonly<Record<number, (reader: ByteReader, layout: ModuleLayout) => void>> = {
  1: readType,
  2: readImport,
  3: (reader, layout) => layout.functionTypes.push(typeIndex(reader, layout)),
  4: (reader, layout) => readTable(reader, layout, false),
  5: (reader, layout) => layout.memories.push({ limits: readMemory(reader, reader.position), imported: false }),
  6: readGlobal,
  7: readExport,
  9: readElement,
  10: readBody,
  11: readData,
}

function readType(reader: ByteReader, layout: ModuleLayout): void {
  const start = reader.position
  const form = reader.byte()
  if (form !== 0x60) throw new WasmError(refusedDefinitions[form] ?? `invalid leading byte (0x${form.toString(16)}) for type`, start)
  const params = readTypes(reader, 'parameters', mostParameters)
  const results = readTypes(reader, 'results', mostResults)
  layout.types.push({ params, results, range: { start, end: reader.position } })
}

function readTypes(reader: ByteReader, what: string, most: number): ValueType[] {
  const count = reader.count()
  if (count > most) reader.fail(`function ${what} count exceeds limit of ${most}`)
  return Array.from({ length: count }, () => readValueType(reader))
}

function typeIndex(reader: ByteReader, layout: ModuleLayout): number {
  const index = reader.u32()
  return index < layout.types.length ? index : reader.fail(`unknown type ${index}`)
}

function functionIndex(reader: ByteReader, layout: ModuleLayout): number {
  const index = reader.u32()
  return index < layout.functionTypes.length ? index : reader.fail(`unknown function ${index}`)
}

function readImport(reader: ByteReader, layout: ModuleLayout): void {
  const entry = reader.position
  const module = reader.name()
  const name = reader.name()
  const start = reader.position
  const kind = kinds[reader.byte()] ?? reader.fail('unknown import kind')
  let type = 0
  if (kind === 'function') {
    type = typeIndex(reader, layout)
    layout.functionTypes.push(type)
    layout.importedFunctions++
  } else if (kind === 'table') readTable(reader, layout, true)
  else if (kind === 'memory') {
    layout.memories.push({ limits: readMemory(reader, entry), imported: true })
    requireOneMemory(layout.memories.length, entry)
  } else layout.globals.push({ ...readGlobalType(reader), imported: true, init: { start: 0, end: 0 } })
  layout.imports.push({ module, name, kind, typeIndex: type, description: { start, end: reader.position } })
}

function requireOneMemory(memories: number, at: number): void {
  if (memories > 1) throw new WasmError('multiple memories', at)
}

/** @param entry - where the declaration begins */
function readMemory(reader: ByteReader, entry: number): Limits {
  const flags = reader.bytes[reader.position] ?? 0
  for (const [flag, text] of refusedMemories) if (flags < 16 && (flags & flag) !== 0) throw new WasmError(text, entry)
  return readLimits(reader)
}

function readLimits(reader: ByteReader): Limits {
  const flags = reader.byte()
  if ((flags & ~5) !== 0) reader.fail(`unsupported limits flags 0x${flags.toString(16)}`)
  const address: AddressType = (flags & 4) !== 0 ? 'i64' : 'i32'
  const bound = (): number => (address === 'i64' ? reader.u64() : reader.u32())
  const minimum = bound()
  if ((flags & 1) === 0) return { address, minimum }
  const start = reader.position
  const maximum = bound()
  return { address, minimum, maximum, maximumAt: { start, end: reader.position } }
}

function readTable(reader: ByteReader, layout: ModuleLayout, imported: boolean): void {
  const start = reader.position
  const element = readReferenceType(reader)
  const limits = readLimits(reader)
  layout.tables.push({ element, limits, imported, range: { start, end: reader.position } })
}

function readGlobalType(reader: ByteReader): { type: ReturnType<typeof readValueType>; mutable: boolean } {
  const type = readValueType(reader)
  const flag = reader.byte()
  if (flag > 1) reader.fail('malformed mutability')
  return { type, mutable: flag === 1 }
}

function readGlobal(reader: ByteReader, layout: ModuleLayout): void {
  const type = readGlobalType(reader)
  layout.globals.push({ ...type, imported: false, init: readConstant(reader, layout).range })
}

function readExport(reader: ByteReader, layout: ModuleLayout): void {
  const name = reader.name()
  const kind = kinds[reader.byte()] ?? reader.fail('unknown export kind')
  const spaces = { function: layout.functionTypes, table: layout.tables, memory: layout.memories, global: layout.globals }
  const index = reader.u32()
  if (index >= spaces[kind].length) reader.fail(`unknown ${kind} ${index}`)
  layout.exports.push({ name, kind, index })
}

/** Notes what goes beyond WebAssembly 2.0: expressions that compute, or that read globals which the module defines. */
function readConstant(reader: ByteReader, layout: ModuleLayout): ConstantExpression {
  const expression = skipConstantExpression(reader)
  if (expression.computes || (expression.global >= 0 && layout.globals[expression.global]?.imported !== true))
    layout.extendedConstants = true
  return expression
}

function readElement(reader: ByteReader, layout: ModuleLayout): void {
  const flags = reader.u32()
  if (flags > 7) reader.fail('malformed element segment flags')
  const active = (flags & 1) === 0
  const table = active && (flags & 2) !== 0 ? reader.u32() : 0
  if (active && table >= layout.tables.length) reader.fail(`unknown table ${table}`)
  const offset = active ? readConstant(reader, layout).range : undefined
  const kind = (flags & 3) === 0 ? undefined : reader.byte()
  const count = reader.count()
  const start = reader.position
  for (let index = 0; index < count; index++) {
    if ((flags & 4) !== 0) readConstant(reader, layout)
    else functionIndex(reader, layout)
  }
  const segment: ElementSegment = { flags, table, offset, kind, count, items: { start, end: reader.position } }
  layout.elements.push(segment)
}

function readBody(reader: ByteReader, layout: ModuleLayout): void {
  const size = reader.u32()
  if (size > largestBody) reader.fail('function body size exceeds limit')
  const start = reader.skip(size)
  layout.bodies.push({ start, end: start + size })
}

function readData(reader: ByteReader, layout: ModuleLayout): void {
  const flags = reader.u32()
  if (flags > 2) reader.fail('malformed data segment flags')
  if (flags === 2 && reader.u32() !== 0) reader.fail('unknown memory')
  const expression = flags === 1 ? undefined : readConstant(reader, layout)
  const size = reader.u32()
  const start = reader.skip(size)
  layout.data.push({ offset: expression?.range, constantOffset: expression?.constant, payload: { start, end: start + size } })
}
