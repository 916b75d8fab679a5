import { largestMemory64 } from './decode/moduleLimits.ts'
import { mapMemoryPages } from './runtime/mapLayout.ts'

/** Memories 1 and 2 of every instrumented module: shared by all instances of a process, of which one executes at a time. */
export interface RollbackMemories {
  readonly dirty_map: WebAssembly.Memory
  readonly undo_log: WebAssembly.Memory
}

/** Most 64 KiB pages that the undo log grows to. */
export const maximumLogPages = largestMemory64

/** Creates the pair once per process (or worker). The map is reserved whole and committed lazily by the OS; the log grows on demand. */
export function createRollbackMemories(): RollbackMemories {
  return {
    dirty_map: new WebAssembly.Memory({ initial: mapMemoryPages, maximum: mapMemoryPages }),
    undo_log: createMemory({ address: 'i64', initialPages: 1, maximumPages: maximumLogPages }),
  }
}

/** A `WebAssembly.Memory` of the given shape; hosts use it for memory 0 too. */
export function createMemory(shape: {
  readonly address: 'i32' | 'i64'
  readonly initialPages: number
  readonly maximumPages?: number
}): WebAssembly.Memory {
  const wide = shape.address === 'i64'
  const limit = (pages: number): number | bigint => (wide ? BigInt(pages) : pages)
  const descriptor = {
    initial: limit(shape.initialPages),
    ...(shape.maximumPages === undefined ? {} : { maximum: limit(Math.min(shape.maximumPages, largestMemory64)) }),
    address: shape.address,
  }
  // The DOM typings know only 32-bit memories: `initial` as a bigint and `address` are newer than they are.
  return new WebAssembly.Memory(descriptor as unknown as WebAssembly.MemoryDescriptor)
}

/** Makes a memory of `createMemory` at least so large, in 64 KiB pages. */
export function enlargeMemory(memory: WebAssembly.Memory, address: 'i32' | 'i64', pages: number): void {
  const missing = pages - memory.buffer.byteLength / 65_536
  if (missing <= 0) return
  const delta = address === 'i64' ? BigInt(missing) : missing
  memory.grow(delta as number)
}
