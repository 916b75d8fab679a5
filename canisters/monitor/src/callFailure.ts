import type { CallError } from 'azle'

/** A failed call in words, for the record of a poll. */
export function describeFailure(error: unknown): string {
  if (!isCallError(error)) return error instanceof Error ? error.message : String(error)
  switch (error.type) {
    case 'CallRejected':
      return `Rejected with code ${error.rejectCode}: ${error.rejectMessage}`
    case 'CallPerformFailed':
      return 'The network could not take the call: the queue of the monitor or its balance is exhausted.'
    case 'InsufficientLiquidCycleBalance':
      return `The monitor has ${error.available} cycles to spend, and the call needs ${error.required}.`
    case 'CleanupCallback':
      return 'Handling the reply failed.'
  }
}

/** Whether a call failed because the canister has no such method, which does not change until its code does. */
export function isMissingMethod(error: unknown): boolean {
  return isCallError(error) && error.type === 'CallRejected' && /has no (query|update|query or update)? ?method/i.test(error.rejectMessage)
}

function isCallError(error: unknown): error is CallError {
  return typeof error === 'object' && error !== null && 'type' in error
}
