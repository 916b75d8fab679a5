/**
 * What the network adds to the text of an error on a line of its own: what the reader can do, and where the documentation
 * tells more. Clients recognize these lines, so they are word for word those of the network.
 */
import type { ErrorCode } from '@tidemark/types'

/**
 * What can be done: something the reader can do, with the section of the documentation on execution errors, if it has one;
 * or a link of its own; or whose fault it is.
 */
export type Advice =
  | { readonly suggestion: string; readonly anchor: string }
  | { readonly suggestion: string; readonly link: string }
  | 'toolchain'
  | 'internal'
  | 'none'

const documentation = 'https://internetcomputer.org/docs/current/references/execution-errors'

const blame = {
  toolchain:
    'If you are running this canister in a test environment (e.g., dfx), make sure the test environment is up to date. Otherwise, this is likely an error with the compiler/CDK toolchain being used to build the canister. Please report the error to IC devs on the forum: https://forum.dfinity.org and include which language/CDK was used to create the canister.',
  internal: 'This is an internal error on the IC. Please report it to IC devs on the forum: https://forum.dfinity.org',
} as const

/** The line; undefined when there is nothing to say. */
export function adviceLine(advice: Advice): string | undefined {
  if (advice === 'none') return undefined
  if (typeof advice === 'string') return blame[advice]
  if ('link' in advice) return `${advice.suggestion} See documentation: ${advice.link}`
  return `${advice.suggestion} See documentation: ${advice.anchor === '' ? '' : `${documentation}#${advice.anchor}`}`
}

const handleFailures = 'Consider gracefully handling failures from this canister or altering the canister to handle exceptions.'
const topUp = 'Try topping up the canister.'

/** Advice for errors of an execution that bring none of their own. */
export const executionAdvice: Partial<Record<ErrorCode, Advice>> = {
  CanisterTrapped: { suggestion: handleFailures, anchor: 'trapped' },
  CanisterCalledTrap: { suggestion: handleFailures, anchor: 'trapped-explicitly' },
  CanisterContractViolation: 'toolchain',
  CanisterFunctionNotFound: 'toolchain',
  CanisterMethodNotFound: {
    suggestion: 'Check that the method being called is exported by the target canister.',
    anchor: 'method-not-found',
  },
  CanisterWasmModuleNotFound: {
    suggestion: 'Please install code to this canister before calling it.',
    anchor: 'wasm-module-not-found',
  },
  CanisterInstructionLimitExceeded: {
    suggestion: 'Try optimizing this method to consume fewer instructions or split the work across multiple messages.',
    anchor: 'instruction-limit-exceeded',
  },
  CanisterOutOfMemory: {
    suggestion:
      "Check the canister's memory usage against its allocation and the system wide limits to determine why more memory cannot be allocated.",
    anchor: 'out-of-memory',
  },
  CanisterMemoryAccessLimitExceeded: {
    suggestion: "Try optimizing the use of stable memory so that individual messages don't need to access as much stable memory.",
    anchor: 'memory-access-limit-exceeded',
  },
  InsufficientCyclesInMemoryGrow: { suggestion: topUp, anchor: 'insufficient-cycles-in-memory-grow' },
  InsufficientCyclesInMessageMemoryGrow: { suggestion: topUp, anchor: 'insufficient-cycles-in-message-memory-grow' },
  ReservedCyclesLimitExceededInMemoryGrow: {
    suggestion: "Try increasing the canister's reserved cycles limit.",
    anchor: 'reserved-cycles-limit-exceeded-in-memory-grow',
  },
  CanisterWasmMemoryLimitExceeded: {
    suggestion: 'Try checking the canister for a possible memory leak or modifying it to use more stable memory instead of Wasm memory.',
    anchor: 'wasm-memory-limit-exceeded',
  },
}
