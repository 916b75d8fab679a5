import { createMemory, createRollbackMemories, instrument } from '../../src/index.ts'
import type { InstrumentedControls, InstrumentedFacts, InstrumentOptions } from '../../src/index.ts'

export const memories = createRollbackMemories()
/** A limit that no test program reaches by accident. */
export const plenty = 10 ** 12

/** An error that a host function throws, by the name of the function. */
export class HostTrap extends Error {}

function throwing(name: string): () => never {
  return () => {
    throw new HostTrap(name)
  }
}

export interface Guest {
  readonly exports: Readonly<Record<string, (...args: never[]) => unknown>>
  readonly all: WebAssembly.Exports
  readonly controls: InstrumentedControls
  readonly facts: InstrumentedFacts
  readonly bytes: Uint8Array
  readonly memory: WebAssembly.Memory | undefined
  /** Every growth that the guest reported: old and new size. */
  readonly growths: (readonly [number, number])[]
  /** Instructions used since the last `set_counter(plenty)`. */
  used(): number
  /** Runs a message: `begin`, a fresh counter, the body. What it throws is returned as text. */
  message(body: () => unknown): string | undefined
}

type Imports = Record<string, Record<string, unknown>>

/** Instruments and instantiates a module and writes its data segments. */
export function start(bytes: Uint8Array, options: InstrumentOptions = {}, imports: Imports = {}): Guest {
  const output = instrument(bytes, options)
  const { facts } = output
  const memory = facts.memory && createMemory(facts.memory)
  const growths: [number, number][] = []
  const tidemark = {
    out_of_instructions: throwing('out of instructions'),
    operation_too_costly: throwing('operation too costly'),
    stack_overflow: throwing('stack overflow'),
    heap_out_of_bounds: throwing('memory access out of bounds'),
    out_of_memory: throwing('out of memory'),
    memory_grown: (from: number, to: number) => growths.push([from, to]),
    ...(memory && { memory }),
    ...memories,
  }
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(output.bytes), { ...imports, tidemark })
  const controls = Object.fromEntries(
    Object.entries(exports).flatMap(([name, value]) => (name.startsWith('tidemark:') ? [[name.slice('tidemark:'.length), value]] : [])),
  ) as unknown as InstrumentedControls
  const guest: Guest = {
    exports: exports as unknown as Guest['exports'],
    all: exports,
    controls,
    facts,
    bytes: output.bytes,
    memory,
    growths,
    used: () => plenty - controls.counter(),
    message(body) {
      controls.begin()
      controls.set_counter(plenty)
      return outcome(body)
    },
  }
  controls.begin()
  controls.init_data?.()
  controls.commit()
  controls.begin()
  controls.set_counter(plenty)
  return guest
}

/** What a call throws, in the engine's words; undefined when it returns. */
export function outcome(body: () => unknown): string | undefined {
  try {
    body()
    return undefined
  } catch (error) {
    if (error instanceof Error) return error.message
    throw error
  }
}
