/**
 * What a module says about itself, read in one pass without rewriting it.
 *
 * Indices are those of the module as given, never of the instrumented output.
 */

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | 'funcref' | 'externref'
export type ExternalKind = 'function' | 'table' | 'memory' | 'global'
/** Width of an address or a table index. */
export type AddressType = 'i32' | 'i64'

/** Parameters and results of a function. */
export interface FunctionType {
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
}

/** An import; `type` is present for functions. */
export interface ImportFact {
  readonly module: string
  readonly name: string
  readonly kind: ExternalKind
  readonly type?: FunctionType
}

/** An export; `index` counts inside the index space of `kind`, `type` is present for functions. */
export interface ExportFact {
  readonly name: string
  readonly kind: ExternalKind
  readonly index: number
  readonly type?: FunctionType
}

/** The one memory, declared or imported. Sizes in 64 KiB pages. */
export interface MemoryFact {
  readonly address: AddressType
  readonly initialPages: number
  readonly maximumPages?: number
  readonly imported: boolean
}

/** A table, declared or imported. Sizes in elements. */
export interface TableFact {
  readonly element: 'funcref' | 'externref'
  readonly address: AddressType
  readonly initial: number
  readonly maximum?: number
  readonly imported: boolean
}

/** A global, declared or imported. */
export interface GlobalFact {
  readonly type: ValueType
  readonly mutable: boolean
  readonly imported: boolean
  readonly exported: boolean
}

/** A data segment. `constantOffset` is where an active one goes, unsigned, if its offset is a single constant. */
export interface DataSegmentFact {
  readonly active: boolean
  readonly constantOffset: bigint | undefined
  readonly size: number
}

/** A custom section; `contents` come after the name. */
export interface CustomSection {
  readonly name: string
  readonly contents: Uint8Array
}

/** Per defined function, in order. */
export interface FunctionFacts {
  /** Opcodes in the body, `end` included. */
  readonly instructions: Uint32Array
  /** Sum of the complexity weights of the opcodes (see the opcode table). */
  readonly complexity: Uint32Array
  /** Bytes of the body. */
  readonly size: Uint32Array
}

/** What only a scan of all bodies tells. */
export interface BodyFacts {
  readonly functions: FunctionFacts
  /** Opcodes in all bodies. */
  readonly instructionCount: number
  /** Opcodes that block metering would add to the bodies: 10 per checked block, 4 per bare one, 1 per bulk operation. */
  readonly meteringInstructionCount: number
  /** Names of the opcodes that occur in the bodies, sorted. */
  readonly usedOpcodes: readonly string[]
}

export interface ModuleFacts extends BodyFacts {
  readonly size: number
  readonly imports: readonly ImportFact[]
  readonly exports: readonly ExportFact[]
  readonly memory?: MemoryFact
  readonly tables: readonly TableFact[]
  /** Functions that the module defines, imports not counted. */
  readonly functionCount: number
  /** Imported globals first, as in the index space. */
  readonly globals: readonly GlobalFact[]
  readonly dataSegments: readonly DataSegmentFact[]
  readonly customSections: readonly CustomSection[]
  /** Whether a constant expression computes, or reads a global that the module defines: valid only beyond WebAssembly 2.0. */
  readonly extendedConstants: boolean
  readonly hasStart: boolean
}
