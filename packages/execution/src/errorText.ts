/** The text of an execution's error as the caller of the canister sees it. */
import { type CanisterState, isVisibleTo } from '@tidemark/state'
import { type Principal, type Reject, createReject } from '@tidemark/types'
import { type Advice, adviceLine, executionAdvice } from './advice.ts'
import { shortenText } from './shorten.ts'
import type { ExecutionError } from './trap.ts'
import { moduleAdvice } from './validation/advice.ts'

/** Functions that a text tells at most, as the network's engine does. */
const tracedFunctions = 20

/**
 * The reject that a failed execution gives to its caller. Whoever may read the canister's log is told where it failed, too.
 *
 * @param caller - who reads it. Absent: somebody who may not read the log
 */
export function executionReject(canister: Pick<CanisterState, 'id' | 'settings'>, error: ExecutionError, caller?: Principal): Reject {
  const { errorCode } = error
  // Not errors of the canister itself: one is said before it is looked at any further, the other of its balance.
  if (errorCode === 'CompositeQueryCalledInReplicatedMode' || errorCode === 'CanisterOutOfCycles')
    return createReject(errorCode, error.message)
  const { settings } = canister
  const isTraced = caller !== undefined && isVisibleTo(settings, settings.logVisibility, caller)
  const text = `Error from Canister ${canister.id.toText()}: ${textOf(error, isTraced)}`
  const advice = adviceLine(adviceFor(error))
  return createReject(errorCode, shortenText(advice === undefined ? text : `${text}.\n${advice}`))
}

function adviceFor({ errorCode, message, advice, cleanupError }: ExecutionError): Advice {
  if (cleanupError !== undefined) return 'none'
  return advice ?? (errorCode === 'CanisterInvalidWasm' ? moduleAdvice(message) : (executionAdvice[errorCode] ?? 'none'))
}

/** The error with where it happened, and the failure of the cleanup that followed it. */
function textOf(error: ExecutionError, isTraced: boolean): string {
  const text = isTraced ? withBacktrace(error.message, error) : error.message
  return error.cleanupError === undefined ? text : `${text}\n\ncall_on_cleanup also failed:\n\n${textOf(error.cleanupError, isTraced)}`
}

/** A text with the innermost functions that were running below it, one a line. */
export function withBacktrace(text: string, { backtrace }: Pick<ExecutionError, 'backtrace'>): string {
  if (backtrace === undefined) return text
  const functions = backtrace.split('\n').slice(0, tracedFunctions)
  return `${text}\nCanister Backtrace:\n${functions.join('\n')}\n`
}
