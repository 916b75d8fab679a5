/**
 * What a canister with code is made of.
 *
 * The live WebAssembly instance belongs to the execution package; here it is seen only through `LiveHeap`.
 */
import type { PagedMemory } from './pagedMemory.ts'

/** Value of a WebAssembly global; `v128` as 16 bytes little-endian. */
export type GlobalValue =
  | { readonly type: 'i32'; readonly value: number }
  | { readonly type: 'i64'; readonly value: bigint }
  | { readonly type: 'f32'; readonly bits: number }
  | { readonly type: 'f64'; readonly bits: bigint }
  | { readonly type: 'v128'; readonly bytes: Uint8Array }

/** What a global counts for in a canister's memory, whatever its type. */
export const globalValueBytes = 32

/** State of the low-Wasm-memory hook. @see Interface specification, "On Low Wasm Memory". */
export type HookStatus = 'condition_not_satisfied' | 'ready' | 'executed'

export type WasmMode = 'wasm32' | 'wasm64'

/** A section named `icp:public …` or `icp:private …`. */
export interface MetadataSection {
  readonly name: string
  readonly visibility: 'public' | 'private'
  readonly contents: Uint8Array
}

/** Everything that is known of a module without running it. */
export interface CanisterModule {
  /** As uploaded, perhaps compressed. */
  readonly bytes: Uint8Array
  /** SHA-256 of the bytes as uploaded. */
  readonly hash: Uint8Array
  readonly wasmMode: WasmMode
  readonly metadata: readonly MetadataSection[]
  /** Names of exported functions, among them `canister_update <name>` and the like. */
  readonly exportedFunctions: ReadonlySet<string>
  /** Imports that only networks with experimental hooks offer, as `module.function`. */
  readonly experimentalImports: readonly string[]
  /** Opcodes, for the cost of compiling. */
  readonly instructionCount: number
  /** What the exported or mutable globals count for, and one more that the network counts instructions in. */
  readonly globalBytes: number
  /** Bytes that its metadata counts for besides those in its own: for each section its name, its visibility and its contents. */
  readonly metadataBytes: number
}

/** The heap and globals of a canister with code. */
export interface LiveHeap {
  /** Size in 64 KiB pages. */
  readonly heapPages: number
  /** Copies the heap out, sparse. */
  exportHeap(): PagedMemory
  /** Exported globals in the order of the exports, then the mutable others. */
  exportGlobals(): GlobalValue[]
}

/** An installed module and its live heap. */
export interface ExecutionState {
  readonly module: CanisterModule
  readonly live: LiveHeap
}
