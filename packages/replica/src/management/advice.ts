/** What the network adds to the errors of management calls: advice, and where the documentation tells more. */
import { type Advice, adviceLine } from '@tidemark/execution'
import { type Reject, createReject } from '@tidemark/types'

const topUp = 'Top up the canister with more cycles.'
const otherSubnet = 'Try moving to another subnet.'
const createElsewhere = 'Try creating the canister on another subnet.'
const raiseLimit = "Try increasing this canister's reserved cycles limit or moving it to a subnet with lower memory usage."
const listSnapshots = 'Use the `list_canister_snapshot` API to see which snapshots are present.'

// Some codes stand for several errors, which only their texts tell apart.
const advised: readonly (readonly [text: RegExp, suggestion: string, anchor: string])[] = [
  [
    /^Only the controllers of the canister /,
    'Execute this call from a controller of the target canister or add the current caller as a controller.',
    'invalid-controller',
  ],
  [/ not found\.$/, 'Check the ICP dashboard to ensure the canister exists.', 'canister-not-found'],
  [
    / cannot be installed because the canister is not empty/,
    "Check that you want to overwrite the canister and, if so, use mode='reinstall'.",
    'canister-not-empty',
  ],
  [/^Canister requested a compute allocation /, otherSubnet, 'subnet-compute-capacity-oversubscribed'],
  [
    /^Canister requested .* of Wasm custom sections memory /,
    'Try removing custom sections using a tool like `wasm-strip` or moving to another subnet.',
    'subnet-custom-section-memory-capacity-oversubscribed',
  ],
  [/^Canister requested .* of memory /, otherSubnet, 'subnet-memory-capacity-oversubscribed'],
  [/ must be stopped before it is deleted\.$/, 'Stop the canister before deleting it.', 'delete-canister-not-stopped'],
  [/ cannot delete itself\.$/, 'Delete the canister from one of its other controllers.', 'delete-canister-self'],
  [
    / has messages in its queues and cannot be deleted now\./,
    'Wait until the queues have been cleared to delete the canister and in the meantime stop the canister.',
    'delete-canister-queue-not-empty',
  ],
  [/^Canister was given /, "Try increasing the canister's memory allocation.", 'not-enough-memory-allocation-given'],
  [/^Creating a canister requires a fee /, 'Try sending more cycles with the request.', 'create-canister-not-enough-cycles'],
  [/^Canister installation failed with /, topUp, 'install-code-not-enough-cycles'],
  [/ is rate limited because it executed too many /, 'Retry the installation at a later time.', 'install-code-rate-limited'],
  [/ has reached the allowed canister limit /, createElsewhere, 'maximum-number-of-canisters-reached'],
  [/^Cannot increase compute allocation to .* cycles are required\.$/, topUp, 'insufficient-cycles-in-compute-allocation'],
  [/^Cannot increase memory allocation to .* cycles are required\.$/, topUp, 'insufficient-cycles-in-memory-allocation'],
  [/^Canister cannot grow memory by .* cycles are required\.$/, topUp, 'insufficient-cycles-in-memory-grow-1'],
  [
    /^Cannot increase memory allocation to .* due to its reserved cycles limit\./,
    raiseLimit,
    'reserved-cycles-limit-exceeded-in-memory-allocation',
  ],
  [/^Canister cannot grow memory by .* due to its reserved cycles limit\./, raiseLimit, 'reserved-cycles-limit-exceeded-in-memory-grow'],
  [
    /^Error from Wasm chunk store: /,
    'Use the `stored_chunks` API to check which hashes are present or top up the canister if it is low on cycles.',
    'wasm-chunk-store-error',
  ],
  [/^Could not find the snapshot ID /, listSnapshots, 'canister-snapshot-not-found'],
  [/^The snapshot .* does not belong to canister /, listSnapshots, 'canister-snapshot-invalid-ownership'],
  [
    / has reached the maximum number of snapshots allowed: /,
    'Consider deleting an unnecessary snapshot of the specified canister before creating a new one.',
    'canister-snapshot-limit-exceeded',
  ],
  [/^Canister snapshotting failed with: /, 'Try sending more cycles with the request.', 'canister-snapshot-not-enough-cycles'],
  [
    /^Cannot set the reserved cycles limit /,
    'Set the reserved cycles limit in the canister settings to a value that is at least the current reserved cycles balance.',
    'reserved-cycles-limit-is-too-low',
  ],
  [/ is heap delta rate limited: /, 'Try waiting a few seconds before retrying the operation.', 'canister-heap-delta-rate-limited'],
]

/** Sections that the network names without the address of the documentation. */
const bareSections: ReadonlySet<string> = new Set([
  'canister-snapshot-limit-exceeded',
  'canister-snapshot-not-enough-cycles',
  'reserved-cycles-limit-is-too-low',
])

/** Errors that the network takes for its own. */
const internal = /^Unsuccessful validation of specified ID: |^Canister \S+ is already installed\.$/

/** The reject with advice on a line of its own, where there is any. */
export function withAdvice(reject: Reject): Reject {
  const line = adviceLine(adviceFor(reject.message))
  return line === undefined ? reject : createReject(reject.errorCode, `${reject.message}\n${line}`)
}

function adviceFor(text: string): Advice {
  if (internal.test(text)) return 'internal'
  const found = advised.find(([pattern]) => pattern.test(text))
  if (found === undefined) return 'none'
  const [, suggestion, section] = found
  return bareSections.has(section) ? { suggestion, link: section } : { suggestion, anchor: section }
}
