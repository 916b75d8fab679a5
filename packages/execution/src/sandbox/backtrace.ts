/** Which functions were running when an execution failed. */
import { type ModuleFacts, functionNames, originalFunctionIndex } from '@tidemark/wasm'
import { Trap } from '../trap.ts'
import { demangle } from './demangle.ts'

/** Functions that are told at most, the innermost first. */
const maxFrames = 32
/** Frames of the engine's own trace, which also holds what the rewriting added and the host. */
const engineFrames = 100

// Only V8 knows it; elsewhere there is no trace to cut.
const engine: { stackTraceLimit?: number } = Error

/** Runs a body whose errors carry a trace of one length, whatever the program around it has set. */
export function withLongTraces<Result>(body: () => Result): Result {
  const before = engine.stackTraceLimit
  engine.stackTraceLimit = engineFrames
  try {
    return body()
  } finally {
    if (before === undefined) delete engine.stackTraceLimit
    else engine.stackTraceLimit = before
  }
}

const known = new WeakMap<ModuleFacts, ReadonlyMap<number, string> | undefined>()

/** Whether a module names its functions: without names a backtrace is of no use to anybody. */
export function hasNames(facts: ModuleFacts): boolean {
  return facts.customSections.some(({ name }) => name === 'name')
}

/**
 * The functions by name, one a line. Undefined when the module names none, or when the engine does not tell where it was.
 *
 * @param thrown - what ended the execution
 */
export function backtraceOf(thrown: unknown, facts: ModuleFacts): string | undefined {
  if (!known.has(facts)) known.set(facts, functionNames(facts))
  const names = known.get(facts)
  if (names === undefined || !(thrown instanceof Error)) return undefined
  const frames = [...(thrown.stack ?? '').matchAll(/wasm-function\[(\d+)\]/g)].map(([, index]) =>
    originalFunctionIndex(facts, Number(index)),
  )
  const indices = [importIndex(thrown, facts), ...frames].filter((index) => index !== undefined)
  if (indices.every((index) => !names.has(index))) return undefined
  const lines = indices.slice(0, maxFrames).map((index) => {
    const name = names.get(index)
    return name === undefined ? `unknown function at index ${index}` : demangle(name)
  })
  return lines.join('\n')
}

/** The import that failed, where the network runs it as code of the canister: calls on stable memory. */
function importIndex(thrown: Error, { imports }: ModuleFacts): number | undefined {
  if (!(thrown instanceof Trap) || thrown.importName === undefined) return undefined
  const index = imports.filter(({ kind }) => kind === 'function').findIndex(({ name }) => name === thrown.importName)
  return index === -1 ? undefined : index
}
