import type { OutputIndices } from '../emit/outputIndices.ts'
import type { ValueType } from '../facts.ts'
import type { ResolvedOptions } from '../resolvedOptions.ts'

/** What the generated helpers are written for. */
export interface RuntimeContext {
  readonly indices: OutputIndices
  readonly options: ResolvedOptions
  /** Whether the module has a memory at all, and whether it is 64-bit. */
  readonly hasMemory: boolean
  readonly wide: boolean
  /** The maximum that the module declares for its memory. */
  readonly maximumPages: number | undefined
}

export interface RuntimeFunction {
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
  readonly body: Uint8Array
}
