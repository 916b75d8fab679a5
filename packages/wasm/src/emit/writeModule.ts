import { ByteReader } from '../binary/byteReader.ts'
import { ByteWriter } from '../binary/byteWriter.ts'
import { CodeWriter } from '../binary/codeWriter.ts'
import { copyConstantExpression } from '../decode/constantExpression.ts'
import type { ElementSegment, ModuleLayout } from '../decode/layout.ts'
import { typeByte } from '../decode/valueTypes.ts'
import type { FunctionType, ValueType } from '../facts.ts'
import { hostModule } from '../hostInterface.ts'
import type { ResolvedOptions } from '../resolvedOptions.ts'
import { mapMemoryPages } from '../runtime/mapLayout.ts'
import type { RuntimeFunction } from '../runtime/runtimeContext.ts'
import type { BranchHints } from './branchHints.ts'
import type { CountedTypes } from './countedTypes.ts'
import type { MadeParts } from './madeParts.ts'
import type { OutputExport } from './outputExports.ts'
import { type HostFunctionName, hostFunctionNames, type OutputIndices } from './outputIndices.ts'

/** Everything that the output is put together from. */
export interface OutputParts {
  readonly layout: ModuleLayout
  readonly options: ResolvedOptions
  readonly indices: OutputIndices
  readonly made: MadeParts
  readonly counted: CountedTypes
  /** The module's own bodies, instrumented, each with its size. */
  readonly bodies: CodeWriter
  readonly runtime: readonly RuntimeFunction[]
  /** Type under which an imported function with a wrapper is imported. */
  readonly importTypes: ReadonlyMap<number, number>
  readonly exported: readonly OutputExport[]
  /** Functions (input indices) that bodies take references of. */
  readonly referenced: ReadonlySet<number>
  readonly hints: BranchHints
  /** Table section entries behind the module's own. */
  readonly shadowTables: readonly (readonly number[])[]
}

const kindBytes = { function: 0, table: 1, memory: 2, global: 3 } as const
const sectionIds = {
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  global: 6,
  export: 7,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
} as const

const hostParameters: Partial<Record<HostFunctionName, ValueType[]>> = { memory_grown: ['f64', 'f64'], operation_too_costly: ['f64'] }

/** Writes the output module; sections that would be empty are left out, custom sections are dropped. */
export function writeModule(parts: OutputParts): Uint8Array<ArrayBuffer> {
  const { layout } = parts
  const hostTypes = hostFunctionNames.map((name) => parts.made.type(hostParameters[name] ?? [], []))
  const ownTypes = layout.functionTypes.slice(layout.importedFunctions).map((type) => parts.counted.of(type))
  const runtimeTypes = parts.runtime.map(({ params, results }) => parts.made.type(params, results))
  const out = new ByteWriter(parts.bodies.length + layout.bytes.length + 4096)
  for (const byte of [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]) out.byte(byte)
  section(out, sectionIds.type, (items) => writeTypes(items, parts))
  section(out, sectionIds.import, (items) => writeImports(items, parts, hostTypes))
  section(out, sectionIds.function, (items) => {
    const all = [...ownTypes, ...runtimeTypes, ...parts.made.functions.map(({ type }) => type)]
    for (const type of all) items.writer.u32(type)
    items.count = all.length
  })
  section(out, sectionIds.table, (items) => {
    for (const table of layout.tables) if (!table.imported) items.copy(layout.bytes, table.range.start, table.range.end)
    for (const entry of parts.shadowTables) items.copy(Uint8Array.from(entry), 0, entry.length)
  })
  section(out, sectionIds.global, (items) => writeGlobals(items, parts))
  section(out, sectionIds.export, (items) => {
    for (const { name, kind, index } of parts.exported) {
      items.count++
      items.writer.name(name)
      items.writer.byte(kindBytes[kind])
      items.writer.u32(index)
    }
  })
  section(out, sectionIds.element, (items) => writeElements(items, parts))
  if (layout.data.length > 0) {
    out.byte(sectionIds.dataCount)
    const start = out.openLength()
    out.u32(layout.data.length)
    out.fillLength(start)
  }
  parts.hints.write(out)
  writeCode(out, parts)
  section(out, sectionIds.data, (items) => {
    for (const { payload } of layout.data) {
      items.count++
      items.writer.byte(1)
      items.writer.u32(payload.end - payload.start)
      items.writer.copy(layout.bytes, payload.start, payload.end)
    }
  })
  return out.buffer.slice(0, out.length)
}

/** Entries of a section, counted. */
class Items {
  readonly writer = new CodeWriter(1024)
  count = 0

  copy(source: Uint8Array, from: number, to: number): void {
    this.count++
    this.writer.copy(source, from, to)
  }
}

function section(out: ByteWriter, id: number, write: (items: Items) => void): void {
  const items = new Items()
  write(items)
  if (items.count === 0) return
  out.byte(id)
  const start = out.openLength()
  out.u32(items.count)
  out.copy(items.writer.buffer, 0, items.writer.length)
  out.fillLength(start)
}

function writeTypes(items: Items, { layout, made }: OutputParts): void {
  for (const { range } of layout.types) items.copy(layout.bytes, range.start, range.end)
  for (const type of made.types) {
    items.count++
    writeType(items.writer, type)
  }
}

function writeType(writer: ByteWriter, { params, results }: FunctionType): void {
  writer.byte(0x60)
  for (const side of [params, results]) {
    writer.u32(side.length)
    for (const type of side) writer.byte(typeByte[type])
  }
}

function writeImports(items: Items, { layout, options, importTypes }: OutputParts, hostTypes: readonly number[]): void {
  const { writer } = items
  const head = (module: string, name: string): void => {
    items.count++
    writer.name(module)
    writer.name(name)
  }
  let functionIndex = 0
  for (const { module, name, kind, description } of layout.imports) {
    if (kind === 'memory') continue
    head(module, name)
    const type = kind === 'function' ? importTypes.get(functionIndex++) : undefined
    if (type === undefined) writer.copy(layout.bytes, description.start, description.end)
    else writer.indexed(kindBytes.function, type)
  }
  hostFunctionNames.forEach((name, index) => {
    head(hostModule, name)
    writer.indexed(kindBytes.function, hostTypes[index] ?? 0)
  })
  const [memory] = layout.memories
  if (!memory) return
  const wideFlag = 4
  head(hostModule, 'memory')
  writer.op(kindBytes.memory, memory.limits.address === 'i64' ? wideFlag : 0).u32(memory.limits.minimum)
  if (!options.tracked) return
  head(hostModule, 'dirty_map')
  writer.op(kindBytes.memory, 1).u32(mapMemoryPages)
  writer.u32(mapMemoryPages)
  head(hostModule, 'undo_log')
  writer.op(kindBytes.memory, wideFlag).u32(1)
}

/** Enough for any run that never sets a counter. */
const unlimited = 2 ** 53
/** OS pages of 4 KiB in a Wasm page. */
const pagesPerChunk = 16

function writeGlobals(items: Items, { layout, options, indices, made }: OutputParts): void {
  const reader = new ByteReader(layout.bytes)
  const { writer } = items
  const head = (type: keyof typeof typeByte, mutable: boolean): void => {
    items.count++
    writer.op(typeByte[type], mutable ? 1 : 0)
  }
  for (const global of layout.globals) {
    if (global.imported) continue
    head(global.type, global.mutable)
    copyConstantExpression(reader, global.init, writer, (index) => indices.reference(index))
  }
  const pages = layout.memories[0]?.limits.minimum ?? 0
  const own = [
    ['i64', unlimited],
    ['i64', options.stackBudget],
    ['i64', pages],
    ['i32', 0],
    ['i64', pages],
    ['i32', pages * pagesPerChunk],
    ['i32', 0],
  ] as const
  for (const [type, value] of own) {
    head(type, true)
    if (type === 'i64') writer.i64(value).end()
    else writer.i32(value).end()
  }
  for (const { type, init } of made.globals) {
    head(type, true)
    writer.copy(init, 0, init.length)
  }
}

function writeElements(items: Items, { layout, indices, referenced }: OutputParts): void {
  const reader = new ByteReader(layout.bytes)
  for (const segment of layout.elements) {
    items.count++
    writeElement(items.writer, segment, reader, indices)
  }
  if (referenced.size === 0) return
  // References in bodies must be declared; the exports that declared them now go to wrappers.
  items.count++
  items.writer.op(3, 0).u32(referenced.size)
  for (const index of referenced) items.writer.u32(indices.reference(index))
}

function writeElement(writer: CodeWriter, segment: ElementSegment, reader: ByteReader, indices: OutputIndices): void {
  const renumber = (index: number): number => indices.reference(index)
  writer.u32(segment.flags)
  if (segment.offset) {
    if ((segment.flags & 2) !== 0) writer.u32(segment.table)
    copyConstantExpression(reader, segment.offset, writer, renumber)
  }
  if (segment.kind !== undefined) writer.byte(segment.kind)
  writer.u32(segment.count)
  reader.position = segment.items.start
  for (let item = 0; item < segment.count; item++) {
    if ((segment.flags & 4) === 0) writer.u32(renumber(reader.u32()))
    else copyConstantExpression(reader, { start: reader.position, end: segment.items.end }, writer, renumber)
  }
}

function writeCode(out: ByteWriter, { layout, bodies, runtime, made }: OutputParts): void {
  out.byte(sectionIds.code)
  const start = out.openLength()
  out.u32(layout.bodies.length + runtime.length + made.functions.length)
  out.copy(bodies.buffer, 0, bodies.length)
  for (const { body } of [...runtime, ...made.functions]) {
    out.u32(body.length)
    out.copy(body, 0, body.length)
  }
  out.fillLength(start)
}
