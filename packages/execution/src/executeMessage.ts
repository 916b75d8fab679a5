/** Runs one message against one canister. Nothing is kept until the caller commits the sandbox. */
import type { CanisterState } from '@tidemark/state'
import { isHeapLimited } from './entryKind.ts'
import type { SubnetEnvironment } from './environment.ts'
import { Execution, type ExecutionInput } from './execution.ts'
import { checkHeapLimit } from './memoryGrowth.ts'
import type { ExecutionOutcome } from './outcome.ts'
import { reapplyState } from './sandbox/capture.ts'
import type { EntryPoint, Sandbox } from './sandbox/sandbox.ts'
import { sandboxOf } from './sandbox/sandboxOf.ts'
import { appendRecord } from './systemApi/debug.ts'
import { withBacktrace } from './errorText.ts'
import { type ExecutionError, Trap } from './trap.ts'

/** Instructions for every 4 KiB page of the heap that a message changed, until mid 2026. */
const dirtyPageInstructions = { wasm32: 1000, wasm64: 4000 } as const

const encoder = new TextEncoder()

/**
 * Executes an entry point of a canister.
 *
 * Heap, globals and stable memory are left as the execution made them: the caller ends it with `keepExecution` or
 * `undoExecution`.
 */
export function executeMessage(
  canister: CanisterState,
  env: SubnetEnvironment,
  input: ExecutionInput,
  entry: EntryPoint,
): ExecutionOutcome {
  const sandbox = sandboxOf(canister)
  const execution = new Execution(canister, env, input)
  sandbox.begin(execution, input.instructionLimit)
  canister.stableMemory.begin()
  if (input.resume !== undefined) reapplyState(canister, input.resume)
  const error = heapLimitError(execution, sandbox) ?? sandbox.run(entry)
  return finish(execution, sandbox, error)
}

/** Keeps the changes of heap, globals and stable memory. */
export function keepExecution(canister: CanisterState): void {
  sandboxOf(canister).commit()
  canister.stableMemory.commit()
}

/** Undoes the changes of heap, globals and stable memory. */
export function undoExecution(canister: CanisterState): void {
  sandboxOf(canister).rollback()
  canister.stableMemory.rollback()
}

/** Gathers what an execution did; shared with installation. */
export function finish(execution: Execution, sandbox: Sandbox, error: ExecutionError | undefined): ExecutionOutcome {
  execution.discardCall()
  if (error?.logText !== undefined) appendRecord(execution, encoder.encode(withBacktrace(error.logText, error)))
  const dirtyHeapPages = sandbox.dirtyPages
  const { input } = execution
  let used = Math.min(input.instructionLimit - sandbox.instructionsLeft, input.instructionLimit)
  if (execution.env.pricing.profile === '2025') {
    used = Math.min(input.instructionLimit, used + sandbox.changedPages * dirtyPageInstructions[sandbox.prepared.module.wasmMode])
  }
  return {
    error,
    instructionsUsed: used,
    logs: execution.log.records(),
    droppedLogs: execution.log.dropped,
    answer: execution.answer,
    calls: execution.calls,
    acceptedCycles: execution.acceptedCycles,
    burnedCycles: execution.burnedCycles,
    mintedCycles: execution.mintedCycles,
    reservedCycles: execution.reservedCycles,
    spentCycles: execution.spentCycles,
    certifiedData: execution.certifiedData,
    globalTimerNanos: execution.globalTimerNanos,
    acceptedMessage: execution.acceptedMessage,
    dirtyHeapPages,
    dirtyStablePages: execution.canister.stableMemory.dirtyPages,
  }
}

/** A heap above the canister's own limit keeps an update from starting at all. */
function heapLimitError(execution: Execution, sandbox: Sandbox): ExecutionError | undefined {
  if (!isHeapLimited(execution.kind)) return undefined
  try {
    checkHeapLimit(execution.canister.settings, BigInt(sandbox.heapPages) * 65_536n)
    return undefined
  } catch (error) {
    if (error instanceof Trap) return error.error
    throw error
  }
}
