import type { managementTypes } from '@tidemark/bindings'
import { executeMessage, executionReject, shortenText, undoExecution } from '@tidemark/execution'
import type { HttpResponse, ResponsePayload } from '@tidemark/state'
import { type Principal, type Reject, createReject, errorCodeText, managementCanisterId } from '@tidemark/types'
import { encodeTransformArgument, outcallReject } from '../../management/index.ts'
import { noResponse, queryEntry } from '../../query/queryEntry.ts'
import type { World } from '../../world.ts'

export interface Transformed {
  readonly payload: ResponsePayload
  readonly instructions: number
  /** Whether it ended because the limit was reached. */
  readonly isCutOff: boolean
}

/** Runs a transform function on a response: a query of the canister by the management canister, of which nothing stays. */
export function runTransform(
  world: World,
  canisterId: Principal,
  transform: managementTypes.HttpTransform,
  response: HttpResponse,
  instructionLimit: number,
): Transformed {
  const canister = world.state.canister(canisterId)
  if (canister === undefined) return notRun(createReject('CanisterNotFound', `Canister ${canisterId.toText()} not found`))
  const methodName = transform.function[1]
  const entry = queryEntry(world, canister, methodName)
  if ('errorCode' in entry) return notRun(entry)
  if (entry.kind === 'composite_query') {
    const text = 'Composite query cannot be used as transform in canister http outcalls.'
    return notRun(createReject('CompositeQueryCalledInReplicatedMode', text))
  }
  const input = {
    kind: 'transform',
    caller: managementCanisterId,
    arg: encodeTransformArgument(response, transform.context),
    methodName,
    canRespond: true,
    instructionLimit,
    version: canister.version,
  } as const
  const { error, answer, instructionsUsed: instructions } = executeMessage(canister, world.env, input, { kind: 'export', name: entry.name })
  undoExecution(canister)
  if (error !== undefined) {
    const isCutOff = error.errorCode === 'CanisterInstructionLimitExceeded'
    return { payload: failed(executionReject(canister, error, canister.id)), instructions, isCutOff }
  }
  if (answer === undefined) {
    return { payload: failed(noResponse(canister)), instructions, isCutOff: false }
  }
  const payload = answer.kind === 'reply' ? answer : outcallReject(4, shortenText(answer.message))
  return { payload, instructions, isCutOff: false }
}

function notRun(reject: Reject): Transformed {
  return { payload: failed(reject), instructions: 0, isCutOff: false }
}

/** A canister does not see error codes, so that the text begins with the code. */
function failed(reject: Reject): ResponsePayload {
  return { kind: 'reject', reject: { ...reject, message: `${errorCodeText(reject.errorCode)}: ${reject.message}` } }
}
