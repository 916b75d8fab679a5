/** Which functions were running when an execution failed. */
import { type ModuleFacts, functionNames, originalFunctionIndex } from '@tidemark/wasm'

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

/**
 * The functions by name, one a line. Undefined when the module names none, or when the engine does not tell where it was.
 *
 * @param thrown - what ended the execution
 */
export function backtraceOf(thrown: unknown, facts: ModuleFacts): string | undefined {
  if (!known.has(facts)) known.set(facts, functionNames(facts))
  const names = known.get(facts)
  if (names === undefined || !(thrown instanceof Error)) return undefined
  const lines = [...(thrown.stack ?? '').matchAll(/wasm-function\[(\d+)\]/g)].flatMap(([, index]) => {
    const original = originalFunctionIndex(facts, Number(index))
    return original === undefined ? [] : [names.get(original) ?? `unknown function at index ${original}`]
  })
  return lines.length === 0 ? undefined : lines.slice(0, maxFrames).join('\n')
}
