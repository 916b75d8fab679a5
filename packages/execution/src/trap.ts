/** Why an execution ended early: a value at the boundary of the package, thrown only inside it. */
import type { ErrorCode } from '@tidemark/types'
import type { Advice } from './advice.ts'

/** The end of an execution that failed. */
export interface ExecutionError {
  readonly errorCode: ErrorCode
  /** Without the prefix that names the canister. */
  readonly message: string
  /** What goes into the canister's log, when the failure leaves a record; the backtrace follows there. */
  readonly logText?: string
  /** Functions that were running, the innermost first, one a line; of modules that name their functions. */
  readonly backtrace?: string
  /** What the caller can do about it. Absent: what is advised for the code. */
  readonly advice?: Advice
  /** How the cleanup failed that ran after this failure of a callback. */
  readonly cleanupError?: ExecutionError
}

/** Thrown by a system call to end the execution. */
export class Trap extends Error {
  override readonly name = 'Trap'
  readonly error: ExecutionError
  /** The import that a backtrace begins with, where the system call counts as code of the canister. */
  readonly importName: string | undefined

  constructor(error: ExecutionError, importName?: string) {
    super(error.message)
    this.error = error
    this.importName = importName
  }
}

/** The canister broke a rule of the system interface. @param advice - absent: the fault is that of its compiler or library */
export function contractViolation(text: string, advice?: Advice): Trap {
  const error = { errorCode: 'CanisterContractViolation', message: `Canister violated contract: ${text}` } as const
  return new Trap(advice === undefined ? error : { ...error, advice })
}

/** A trap of the WebAssembly machine or of a system call that behaves like one. */
export function wasmTrap(text: string, importName?: string): Trap {
  return new Trap({ errorCode: 'CanisterTrapped', message: `Canister trapped: ${text}`, logText: `[TRAP]: ${text}` }, importName)
}

/** The error of an execution that used up its instructions. */
export function instructionLimitExceeded(limit: number): Trap {
  return new Trap({
    errorCode: 'CanisterInstructionLimitExceeded',
    message: `Canister exceeded the limit of ${limit} instructions for single message execution.`,
  })
}

/** The error of a single operation that cannot be done within a slice. */
export function sliceOverrun(instructions: number, slice: number): Trap {
  return new Trap({
    errorCode: 'CanisterInstructionLimitExceeded',
    message: `Canister attempted to perform a large memory operation that used ${instructions} instructions and exceeded the slice limit ${slice}.`,
    advice: { suggestion: 'Try breaking up large copies within the canister code into smaller chunks.', anchor: 'slice-overrun' },
  })
}

// What V8 says, and what the protocol says for it.
const engineTexts: readonly [RegExp, string][] = [
  [/unreachable/, 'unreachable'],
  [/memory access out of bounds|data segment/, 'heap out of bounds'],
  [/divide by zero|remainder by zero/, 'integer division by 0'],
  [/table (index is|access) out of bounds|table index/, 'table out of bounds'],
]

/**
 * The error for whatever a WebAssembly call threw.
 *
 * @throws the value itself when it comes neither from the canister nor from a system call: then it is our defect
 */
export function errorOf(thrown: unknown): ExecutionError {
  if (thrown instanceof Trap) return thrown.error
  if (thrown instanceof WebAssembly.RuntimeError) {
    const known = engineTexts.find(([pattern]) => pattern.test(thrown.message))
    return wasmTrap(known === undefined ? 'unknown' : known[1]).error
  }
  if (thrown instanceof RangeError && /call stack/i.test(thrown.message)) return wasmTrap('stack overflow').error
  throw thrown
}

/**
 * The error for what an instantiation threw: a module may ask for more memory than the host has, or fill a table beyond
 * its end.
 *
 * @throws the value itself when it is our defect
 */
export function instantiationError(thrown: unknown): ExecutionError {
  if (thrown instanceof RangeError && !/call stack/i.test(thrown.message)) {
    return { errorCode: 'CanisterOutOfMemory', message: 'Canister cannot grow its memory usage.' }
  }
  if (thrown instanceof WebAssembly.LinkError || thrown instanceof TypeError) {
    return { errorCode: 'CanisterWasmEngineError', message: `Canister encountered a Wasm engine error: ${thrown.message}` }
  }
  return errorOf(thrown)
}
