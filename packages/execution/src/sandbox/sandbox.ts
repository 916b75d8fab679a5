/**
 * A live instance of a canister's module.
 *
 * Heap and globals are changed in place while an execution runs; the rewritten module keeps what it needs to undo that.
 * After every execution exactly one of `commit` and `rollback` follows.
 */
import { type GlobalValue, type LiveHeap, type PagedMemory, type WasmClosure, osPageBytes } from '@tidemark/state'
import { InvariantError } from '@tidemark/types'
import { type RollbackMemories, createMemory, enlargeMemory } from '@tidemark/wasm'
import type { Execution } from '../execution.ts'
import { instructionLimitOf, sliceOf } from '../limits.ts'
import { heapGrown } from '../memoryGrowth.ts'
import { HostMemory, type RewrittenExports } from '../systemApi/hostMemory.ts'
import { systemImports } from '../systemApi/index.ts'
import type { Machine } from '../systemApi/systemCall.ts'
import { moduleLimits } from '../validation/moduleLimits.ts'
import { type ExecutionError, Trap, contractViolation, errorOf, instructionLimitExceeded, sliceOverrun, wasmTrap } from '../trap.ts'
import { backtraceOf, hasNames, withLongTraces } from './backtrace.ts'
import type { CapturedState } from './capture.ts'
import { exportGlobals, importGlobals } from './globals.ts'
import { type SparseHeap, exportHeap, fillHeap } from './heap.ts'
import { type HeapPages, HeapVersions } from './heapVersions.ts'
import type { PreparedModule } from './preparedModule.ts'

/** What a sandbox is to run. */
export type EntryPoint = { readonly kind: 'export'; readonly name: string } | { readonly kind: 'closure'; readonly closure: WasmClosure }

/** A sandbox as it was between two messages. Immutable. */
export interface SandboxVersion {
  /** In 64 KiB pages. */
  readonly heapPages: number
  readonly pages: HeapPages | undefined
  readonly globals: readonly GlobalValue[]
}

interface MessageControls {
  readonly begin: () => void
  readonly commit: () => void
  readonly setCounter: (instructions: number) => void
  readonly setQueryMode: (isQuery: number) => void
  readonly dirtyPages: () => number
  readonly changedPages: () => number
}

type AnyFunction = (...args: unknown[]) => unknown

export class Sandbox implements LiveHeap {
  readonly prepared: PreparedModule
  readonly #instance: WebAssembly.Instance
  readonly #memory: WebAssembly.Memory | undefined
  readonly #exports: RewrittenExports
  /** What every message needs, looked up once. */
  readonly #controls: MessageControls
  readonly #hostMemory: HostMemory
  readonly #isTraced: boolean
  readonly #rollback: RollbackMemories
  readonly #versions: HeapVersions | undefined
  /** The version that the sandbox is at, until something is committed. */
  #version: SandboxVersion | undefined
  #machine: Machine | undefined
  #pages: number

  private constructor(prepared: PreparedModule, rollback: RollbackMemories, memory: WebAssembly.Memory | undefined) {
    this.prepared = prepared
    this.#isTraced = hasNames(prepared.facts)
    this.#memory = memory
    this.#rollback = rollback
    this.#versions = memory === undefined ? undefined : new HeapVersions(memory)
    this.#hostMemory = new HostMemory(memory, () => this.#exports)
    this.#instance = new WebAssembly.Instance(prepared.compiled, this.#imports(rollback))
    this.#exports = {
      touchRead: this.#memoryFunction('tidemark:touch_read'),
      touchWrite: this.#memoryFunction('tidemark:touch_write'),
      charge: this.#function('tidemark:charge'),
      counter: this.#function('tidemark:counter'),
      pages: this.#memoryFunction('tidemark:pages'),
    }
    this.#controls = {
      begin: this.#function('tidemark:begin'),
      commit: this.#function('tidemark:commit'),
      setCounter: this.#function('tidemark:set_counter'),
      setQueryMode: this.#function('tidemark:set_query_mode'),
      dirtyPages: this.#memoryFunction('tidemark:dirty_pages'),
      changedPages: this.#memoryFunction('tidemark:changed_pages'),
    }
    this.#pages = this.#exports.pages()
  }

  /** A fresh instance with the initial memory of the module: neither its data segments nor its start function have run. */
  static create(prepared: PreparedModule, rollback: RollbackMemories): Sandbox {
    return new Sandbox(prepared, rollback, heapOf(prepared, prepared.facts.memory?.initialPages ?? 0))
  }

  /** An instance over a heap that was there before, with fresh globals: an upgrade that keeps the heap. */
  static restoreHeap(prepared: PreparedModule, rollback: RollbackMemories, heap: SparseHeap): Sandbox {
    const pages = Math.max(heap.sizePages, prepared.facts.memory?.initialPages ?? 0)
    const memory = heapOf(prepared, pages)
    if (memory !== undefined) fillHeap(memory, heap)
    const sandbox = new Sandbox(prepared, rollback, memory)
    if (memory !== undefined) sandbox.#setPages(pages)
    return sandbox
  }

  /** An instance over a heap and globals that were there before. */
  static restore(prepared: PreparedModule, rollback: RollbackMemories, heap: SparseHeap, globals: readonly GlobalValue[]): Sandbox {
    const sandbox = Sandbox.restoreHeap(prepared, rollback, heap)
    importGlobals(sandbox.#instance, prepared, globals)
    return sandbox
  }

  get heapPages(): number {
    return this.#pages
  }

  /** The module starts out with its initial pages, however many its memory has. */
  #setPages(pages: number): void {
    if (pages === this.#pages) return
    this.#call('tidemark:set_pages', pages)
    this.#pages = pages
  }

  /** 4 KiB heap pages written by the execution in progress. */
  get dirtyPages(): number {
    return this.#controls.dirtyPages()
  }

  /** 4 KiB heap pages whose bytes differ from what they were when the execution began. */
  get changedPages(): number {
    return this.#controls.changedPages()
  }

  /** Starts an execution: globals are remembered, the counter is set to the limit. */
  begin(execution: Execution, instructionLimit: number): void {
    this.#machine = { execution, memory: this.#hostMemory, exports: this.#exports, wasmMode: this.prepared.module.wasmMode }
    this.#controls.setCounter(instructionLimit)
    this.#controls.setQueryMode(execution.kind === 'query' || execution.kind === 'composite_query' ? 1 : 0)
    this.#controls.begin()
  }

  /** Starts to repeat what an execution has done: nothing runs, and nothing is charged. */
  beginAgain(): void {
    this.#controls.begin()
  }

  /** Runs data segments as an instantiation would. */
  replayData(): ExecutionError | undefined {
    if (!this.prepared.facts.dataSegments.some((segment) => segment.active)) return undefined
    return this.#guard(() => this.#call('tidemark:init_data'))
  }

  get hasStart(): boolean {
    return this.prepared.facts.hasStart
  }

  runStart(): ExecutionError | undefined {
    return this.#guard(() => this.#call('tidemark:start'))
  }

  hasExport(name: string): boolean {
    return this.prepared.module.exportedFunctions.has(name)
  }

  /** Runs an entry point to its end. @returns the error when it failed */
  run(entry: EntryPoint): ExecutionError | undefined {
    return this.#guard(() => {
      if (entry.kind === 'export') (this.#instance.exports[entry.name] as AnyFunction)()
      else this.#runClosure(entry.closure)
    })
  }

  /** Instructions left; below zero when the last block overran the limit. */
  get instructionsLeft(): number {
    return this.#exports.counter()
  }

  /** Keeps what the execution did. */
  commit(): void {
    this.#versions?.note(this.#rollback)
    this.#version = undefined
    this.#controls.commit()
    this.#pages = this.#exports.pages()
    this.#machine = undefined
  }

  /** Puts heap and globals back to where `begin` found them. */
  rollback(): void {
    this.#call('tidemark:rollback')
    this.#pages = this.#exports.pages()
    this.#machine = undefined
  }

  /** The present version, between two messages. */
  keep(): SandboxVersion {
    this.#version ??= { heapPages: this.#pages, pages: this.#versions?.keep(), globals: this.exportGlobals() }
    return this.#version
  }

  /** Goes to a version of this sandbox, between two messages: only pages that are different are written. */
  restoreVersion(version: SandboxVersion): void {
    if (version === this.#version) return
    if (version.pages !== undefined) this.#versions?.restore(version.pages)
    this.#setPages(version.heapPages)
    importGlobals(this.#instance, this.prepared, version.globals)
    this.#version = version
  }

  /** A 4 KiB page of the heap in a version of this sandbox. Do not change it, and do not keep it. */
  pageOf({ pages }: SandboxVersion, index: number): Uint8Array {
    if (pages === undefined || this.#versions === undefined) throw new InvariantError('a page of a module without memory')
    return this.#versions.page(pages, index)
  }

  /** Pages and globals that the execution in progress has changed. */
  capture(): Pick<CapturedState, 'heapPages' | 'heap' | 'globals'> {
    const bytes = new Uint8Array(this.#memory?.buffer ?? new ArrayBuffer(0))
    const heap = Array.from({ length: this.dirtyPages }, (_, n) => {
      const index = this.#call('tidemark:dirty_page', n)
      return [index, bytes.slice(index * osPageBytes, (index + 1) * osPageBytes)] as const
    })
    return { heapPages: this.#exports.pages(), heap, globals: this.exportGlobals() }
  }

  /** Repeats captured changes in the execution that has just begun, free of charge. */
  reapply({ heapPages, heap, globals }: Pick<CapturedState, 'heapPages' | 'heap' | 'globals'>): void {
    const { memory } = this.prepared.facts
    // The heap is as large as it was then, unless this instance is another one, made from a file.
    if (this.#memory !== undefined && memory !== undefined) enlargeMemory(this.#memory, memory.address, heapPages)
    if (heapPages !== this.#exports.pages()) this.#call('tidemark:set_pages', heapPages)
    for (const [index, bytes] of heap) {
      this.#call('tidemark:log_write', index * osPageBytes, osPageBytes)
      new Uint8Array(this.#memory?.buffer ?? new ArrayBuffer(0)).set(bytes, index * osPageBytes)
    }
    importGlobals(this.#instance, this.prepared, globals)
  }

  exportHeap(): PagedMemory {
    return exportHeap(this.#memory, this.#exports.pages())
  }

  exportGlobals(): GlobalValue[] {
    return exportGlobals(this.#instance, this.prepared)
  }

  #runClosure({ func, env }: WasmClosure): void {
    const table = this.#table()
    const wide = this.prepared.facts.tables[0]?.address === 'i64'
    const target =
      table !== undefined && func < table.length ? (table.get((wide ? BigInt(func) : func) as number) as AnyFunction | null) : null
    if (target === null || target === undefined) throw missingFunction(func)
    const handedOn = [this.#exports.counter(), this.#call('tidemark:stack_left')].map(BigInt)
    if (target.length !== 1 + handedOn.length) throw wrongSignature()
    let left: unknown
    try {
      left = target(this.prepared.module.wasmMode === 'wasm64' ? env : Number(env), ...handedOn)
    } catch (error) {
      // JavaScript reports a wrong parameter type of the table entry as a TypeError before anything runs.
      if (error instanceof TypeError) throw wrongSignature()
      throw error
    }
    // Entries of the table are handed the counter and give it back behind their results: a callback has no results of its own.
    if (typeof left !== 'bigint') throw wrongSignature()
    this.#controls.setCounter(Number(left))
  }

  #table(): WebAssembly.Table | undefined {
    return this.#instance.exports['tidemark:table'] as WebAssembly.Table | undefined
  }

  #guard(body: () => unknown): ExecutionError | undefined {
    try {
      if (this.#isTraced) withLongTraces(body)
      else body()
      return undefined
    } catch (error) {
      const backtrace = this.#isTraced ? backtraceOf(error, this.prepared.facts) : undefined
      return backtrace === undefined ? errorOf(error) : { ...errorOf(error), backtrace }
    }
  }

  #imports(rollback: RollbackMemories): WebAssembly.Imports {
    const machine = () => {
      if (this.#machine === undefined) throw new InvariantError('a system call outside an execution')
      return this.#machine
    }
    const tidemark: Record<string, WebAssembly.ImportValue> = {
      out_of_instructions: () => {
        const { env, kind } = machine().execution
        throw instructionLimitExceeded(instructionLimitOf(env.limits, kind))
      },
      operation_too_costly: (instructions: number) => {
        const { env, kind } = machine().execution
        const slice = sliceOf(env.limits, kind)
        if (slice !== undefined && instructions > slice) throw sliceOverrun(instructions, slice)
      },
      stack_overflow: () => {
        throw wasmTrap('stack overflow')
      },
      heap_out_of_bounds: () => {
        throw wasmTrap('heap out of bounds')
      },
      out_of_memory: () => {
        throw new Trap({ errorCode: 'CanisterOutOfMemory', message: 'Canister cannot grow its memory usage.' })
      },
      memory_grown: (oldPages: number, newPages: number) => heapGrown(machine().execution, oldPages, newPages),
      dirty_map: rollback.dirty_map,
      undo_log: rollback.undo_log,
    }
    if (this.#memory !== undefined) tidemark['memory'] = this.#memory
    return { ...systemImports(this.prepared.facts.imports, machine), tidemark }
  }

  #function<F extends AnyFunction | ((...args: never[]) => unknown)>(name: string): F {
    const value = this.#instance.exports[name]
    if (typeof value !== 'function') throw new InvariantError(`the rewritten module exports no function ${name}`)
    return value as F
  }

  /** A function that modules without memory do not have: there it does nothing and gives 0. */
  #memoryFunction(name: string): (...args: number[]) => number {
    return this.#memory === undefined ? () => 0 : this.#function(name)
  }

  #call(name: string, ...args: number[]): number {
    return this.#function<(...args: number[]) => number>(name)(...args)
  }
}

function wrongSignature(): Trap {
  return contractViolation('function invocation does not match its signature')
}

function missingFunction(func: number): Trap {
  return new Trap({
    errorCode: 'CanisterFunctionNotFound',
    message: `Canister requested to invoke a non-existent Wasm function ${func} from table 0`,
  })
}

/** A heap. One of 64 bits ends at the network's limit, whatever the module declares. */
function heapOf(prepared: PreparedModule, pages: number): WebAssembly.Memory | undefined {
  const { memory } = prepared.facts
  if (memory === undefined) return undefined
  const shape = { ...memory, initialPages: pages }
  if (memory.address === 'i32') return createMemory(shape)
  const { heapPages64 } = moduleLimits
  return createMemory({ ...shape, maximumPages: Math.min(memory.maximumPages ?? heapPages64, heapPages64) })
}
