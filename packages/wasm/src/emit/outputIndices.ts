import type { ModuleLayout } from '../decode/layout.ts'

/** The `tidemark` imports, in the order of their indices. */
export const hostFunctionNames = [
  'out_of_instructions',
  'operation_too_costly',
  'stack_overflow',
  'memory_grown',
  'heap_out_of_bounds',
  'out_of_memory',
] as const
export type HostFunctionName = (typeof hostFunctionNames)[number]

/** Functions that generated code calls, in the order of their indices. */
export const runtimeFunctionNames = [
  'exhausted',
  'enterSlow',
  'take',
  'bounds',
  'touchChunk',
  'touchWritten',
  'logUnit',
  'addEntry',
  'rangeRead',
  'rangeWrite',
  'slowRead',
  'slowWrite',
  'clearMarks',
  'grow',
  'fill',
  'copy',
] as const
export type RuntimeFunctionName = (typeof runtimeFunctionNames)[number]

/**
 * Where things stand in the output's index spaces.
 *
 * Functions: the module's imports, the host functions, the module's own functions, the runtime, then functions made per
 * module (import wrappers, export wrappers, segment initialisers, controls). Globals: the module's own, then ours.
 */
export class OutputIndices {
  readonly importedFunctions: number
  readonly definedFunctions: number
  readonly firstMade: number
  readonly counter: number
  readonly depth: number
  readonly pages: number
  readonly queryMode: number
  readonly savedPages: number
  /** i32: the first 4 KiB page from which on nothing was ever written: what stands there is zero. */
  readonly freshFrom: number
  readonly savedFreshFrom: number
  readonly firstMadeGlobal: number
  /** Wrapper of each imported function that has one. */
  readonly importWrappers = new Map<number, number>()
  /** Of imported functions that are called by reference: what gives the counter back behind their results. */
  readonly countedImports = new Map<number, number>()

  constructor(layout: ModuleLayout) {
    this.importedFunctions = layout.importedFunctions
    this.definedFunctions = layout.functionTypes.length - layout.importedFunctions
    this.firstMade = this.importedFunctions + hostFunctionNames.length + this.definedFunctions + runtimeFunctionNames.length
    const globals = layout.globals.length
    this.counter = globals
    this.depth = globals + 1
    this.pages = globals + 2
    this.queryMode = globals + 3
    this.savedPages = globals + 4
    this.freshFrom = globals + 5
    this.savedFreshFrom = globals + 6
    this.firstMadeGlobal = globals + 7
  }

  host(name: HostFunctionName): number {
    return this.importedFunctions + hostFunctionNames.indexOf(name)
  }

  runtime(name: RuntimeFunctionName): number {
    return this.importedFunctions + hostFunctionNames.length + this.definedFunctions + runtimeFunctionNames.indexOf(name)
  }

  /** Output index of one of the module's functions; imports go to their wrapper. */
  function(index: number): number {
    if (index >= this.importedFunctions) return index + hostFunctionNames.length
    return this.importWrappers.get(index) ?? index
  }

  /** Output index of what references to one of the module's functions refer to. */
  reference(index: number): number {
    return this.countedImports.get(index) ?? this.function(index)
  }
}
