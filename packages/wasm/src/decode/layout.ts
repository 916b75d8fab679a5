import type { AddressType, CustomSection, ExternalKind, ValueType } from '../facts.ts'

/**
 * A module cut into its parts; bodies, expressions and payloads stay ranges of the input.
 */
export interface Range {
  readonly start: number
  readonly end: number
}

/** A function type with its letters as the binary format's type bytes kept beside, for re-encoding. */
export interface TypeEntry {
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
  readonly range: Range
}

export interface Limits {
  readonly address: AddressType
  readonly minimum: number
  readonly maximum?: number
  /** Where the maximum stands. */
  readonly maximumAt?: Range
}

export interface ImportEntry {
  readonly module: string
  readonly name: string
  readonly kind: ExternalKind
  /** Type index of a function. */
  readonly typeIndex: number
  /** Bytes of the description: kind and type. */
  readonly description: Range
}

export interface TableEntry {
  readonly element: 'funcref' | 'externref'
  readonly limits: Limits
  readonly imported: boolean
  /** Bytes of the entry in the table section (declared tables). */
  readonly range: Range
}

export interface MemoryEntry {
  readonly limits: Limits
  readonly imported: boolean
}

export interface GlobalEntry {
  readonly type: ValueType
  readonly mutable: boolean
  readonly imported: boolean
  /** Initial value expression, `end` included (declared globals). */
  readonly init: Range
}

export interface ExportEntry {
  readonly name: string
  readonly kind: ExternalKind
  readonly index: number
}

export interface ElementSegment {
  readonly flags: number
  /** Where the table index, the offset expression and the kind stand: everything before the items. */
  readonly offset: Range | undefined
  readonly table: number
  /** Kind or reference type byte as written, undefined where the flags imply funcref. */
  readonly kind: number | undefined
  /** Function indices, or expressions when flag 4 is set. */
  readonly items: Range
  readonly count: number
}

export interface DataSegment {
  /** Offset expression of an active segment. */
  readonly offset: Range | undefined
  readonly payload: Range
  /** Value of the offset if it is one constant, unsigned. */
  readonly constantOffset: bigint | undefined
}

/** Everything that the sections say. Index spaces start with the imports. */
export interface ModuleLayout {
  readonly bytes: Uint8Array
  readonly types: TypeEntry[]
  readonly imports: ImportEntry[]
  /** Type index per function, imports first. */
  readonly functionTypes: number[]
  importedFunctions: number
  readonly tables: TableEntry[]
  readonly memories: MemoryEntry[]
  readonly globals: GlobalEntry[]
  readonly exports: ExportEntry[]
  start: number | undefined
  readonly elements: ElementSegment[]
  readonly data: DataSegment[]
  /** Bodies: locals and code of each defined function. */
  readonly bodies: Range[]
  /** Bytes of the code section behind its count. */
  codeSectionSize: number
  /** Whether a constant expression is more than WebAssembly 2.0 allows. */
  extendedConstants: boolean
  readonly customSections: CustomSection[]
}
