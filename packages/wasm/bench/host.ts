import wabtInit from 'wabt'
import { createMemory, createRollbackMemories, instrument, type InstrumentedControls, type InstrumentOptions } from '../src/index.ts'

const wabt = await wabtInit()
const memories = createRollbackMemories()
const features = { memory64: true, simd: true, bulk_memory: true, reference_types: true, multi_value: true }

export function assemble(wat: string): Uint8Array {
  const module = wabt.parseWat('bench.wat', wat, features)
  const bytes = module.toBinary({}).buffer
  module.destroy()
  return bytes
}

const unexpected = (name: string) => () => {
  throw new Error(name)
}

export interface Running {
  readonly run: (n: number) => number
  readonly controls: InstrumentedControls
  readonly memory: WebAssembly.Memory | undefined
}

/** Instantiates the instrumented form of a module under a host that does nothing. */
export function instantiate(bytes: Uint8Array, options: InstrumentOptions): Running {
  const { bytes: output, facts } = instrument(bytes, options)
  const memory = facts.memory && createMemory(facts.memory)
  const tidemark = {
    out_of_instructions: unexpected('out of instructions'),
    operation_too_costly: unexpected('operation too costly'),
    stack_overflow: unexpected('stack overflow'),
    memory_grown: () => {},
    heap_out_of_bounds: unexpected('heap out of bounds'),
    out_of_memory: unexpected('out of memory'),
    ...(memory && { memory }),
    ...memories,
  }
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(output), { tidemark })
  const controls = Object.fromEntries(
    Object.entries(exports).flatMap(([name, value]) => (name.startsWith('tidemark:') ? [[name.slice('tidemark:'.length), value]] : [])),
  )
  return { run: exports['run'] as Running['run'], controls: controls as unknown as InstrumentedControls, memory }
}

/** Instantiates a module as it is. */
export function instantiateRaw(bytes: Uint8Array): (n: number) => number {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>), {})
  return exports['run'] as (n: number) => number
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}
