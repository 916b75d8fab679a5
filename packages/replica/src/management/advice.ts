/** What the network adds to the errors of management calls: advice, and where the documentation tells more. */
import { type ErrorCode, type Reject, createReject } from '@tidemark/types'

type Advice = readonly [suggestion: string, anchor: string]

const advice: Partial<Record<ErrorCode, Advice>> = {
  CanisterInvalidController: ['Call as a controller of the canister, or have the caller added to its controllers.', 'invalid-controller'],
  CanisterNonEmpty: ['Reinstall if the present code and its state may be lost.', 'canister-not-empty'],
  CanisterNotFound: ['Check that a canister with this id exists.', 'canister-not-found'],
  CanisterNotStopped: ['Stop the canister, then delete it.', 'delete-canister-not-stopped'],
  InsufficientCyclesForCreateCanister: ['Attach more cycles to the call.', 'create-canister-not-enough-cycles'],
  InsufficientCyclesInMemoryGrow: ['Top up the canister.', 'insufficient-cycles-in-memory-grow'],
  ReservedCyclesLimitExceededInMemoryGrow: ['Raise the reserved cycles limit.', 'reserved-cycles-limit-exceeded-in-memory-grow'],
}

const moreMemory: Advice = ['Ask for less memory, or use another subnet.', 'subnet-memory-capacity-oversubscribed']
const moreCompute: Advice = ['Ask for a smaller compute allocation, or use another subnet.', 'subnet-compute-capacity-oversubscribed']
const moreCyclesToInstall: Advice = ['Top up the canister before installing.', 'install-code-not-enough-cycles']

const documentation = 'https://internetcomputer.org/docs/current/references/execution-errors'

/** The reject with advice on a line of its own, where there is any. Clients match on what stands before it. */
export function withAdvice(reject: Reject): Reject {
  const chosen = adviceFor(reject)
  if (chosen === undefined) return reject
  const [suggestion, anchor] = chosen
  return createReject(reject.errorCode, `${reject.message}\n${suggestion} See documentation: ${documentation}#${anchor}`)
}

// Two codes stand for several errors, which only their texts tell apart.
function adviceFor({ errorCode, message }: Reject): Advice | undefined {
  if (errorCode === 'SubnetOversubscribed') {
    if (message.includes('compute allocation')) return moreCompute
    return message.includes('of memory') ? moreMemory : undefined
  }
  if (errorCode === 'CanisterOutOfCycles') return message.startsWith('Canister installation failed') ? moreCyclesToInstall : undefined
  return advice[errorCode]
}
