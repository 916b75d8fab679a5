/** The text of an execution's error as the caller of the canister sees it. */
import { type Principal, type Reject, type ErrorCode, createReject } from '@tidemark/types'
import { shortenText } from './shorten.ts'
import type { ExecutionError } from './trap.ts'
import { moduleAdvice } from './validation/advice.ts'

/** Advice for an error and the place in the documentation of execution errors that tells more. */
const help: Partial<Record<ErrorCode, readonly [suggestion: string, anchor: string]>> = {
  CanisterTrapped: ['Handle the failing case in the code of the canister.', 'trapped'],
  CanisterCalledTrap: ['Handle the failing case in the code of the canister.', 'trapped-explicitly'],
  CanisterMethodNotFound: ['See that the target canister exports the method.', 'method-not-found'],
  CanisterWasmModuleNotFound: ['Install code to the canister before calling it.', 'wasm-module-not-found'],
  CanisterInstructionLimitExceeded: ['Do less work in a message, or split the work over several.', 'instruction-limit-exceeded'],
  CanisterOutOfMemory: ['Compare the memory in use with the limits of the canister and the subnet.', 'out-of-memory'],
  CanisterMemoryAccessLimitExceeded: ['Touch less stable memory in a message.', 'memory-access-limit-exceeded'],
  InsufficientCyclesInMemoryGrow: ['Top up the canister.', 'insufficient-cycles-in-memory-grow'],
  ReservedCyclesLimitExceededInMemoryGrow: ['Raise the reserved cycles limit.', 'reserved-cycles-limit-exceeded-in-memory-grow'],
  CanisterWasmMemoryLimitExceeded: ['Look for a leak, or move data to stable memory.', 'wasm-memory-limit-exceeded'],
}

/** Shares its code with the limit of instructions, but has advice of its own. */
const sliceOverrun = ['Split large copies into smaller ones.', 'slice-overrun'] as const

const documentation = 'https://internetcomputer.org/docs/current/references/execution-errors'

/** The reject that a failed execution gives to its caller. */
export function executionReject(canister: Principal, error: ExecutionError): Reject {
  // Said before the canister is looked at any further: not an error of its own.
  if (error.errorCode === 'CompositeQueryCalledInReplicatedMode') return createReject(error.errorCode, error.message)
  const text = shortenText(`Error from Canister ${canister.toText()}: ${error.message}`)
  const advice = adviceFor(error)
  return createReject(error.errorCode, advice === undefined ? text : `${text}.\n${advice}`)
}

function adviceFor({ errorCode, message }: ExecutionError): string | undefined {
  if (errorCode === 'CanisterInvalidWasm') {
    const { suggestion, anchor } = moduleAdvice(message)
    return anchor === undefined ? suggestion : withLink(suggestion, anchor)
  }
  const advice = message.startsWith('Canister attempted to perform a large memory operation') ? sliceOverrun : help[errorCode]
  return advice && withLink(...advice)
}

function withLink(suggestion: string, anchor: string): string {
  return `${suggestion} See documentation: ${documentation}#${anchor}`
}
