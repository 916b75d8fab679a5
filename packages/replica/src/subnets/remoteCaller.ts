import type { Request } from '@tidemark/state'
import { type Reject, createReject } from '@tidemark/types'
import type { World } from '../world.ts'

/** Methods that a subnet does for its own canisters, and for those of the root subnet. */
const forOwnCanisters: ReadonlySet<string> = new Set(['create_canister', 'raw_rand', 'http_request', 'flexible_http_request'])

/** Why the management canister of this subnet does not take a call from another one; undefined when it does. */
export function refuseRemoteCaller({ directory, state, env }: World, { sender, methodName }: Request): Reject | undefined {
  if (directory === undefined || !forOwnCanisters.has(methodName) || state.canister(sender) !== undefined) return undefined
  const home = directory.hostOf(sender)
  if (home === undefined || home === directory.root || home.id.key === env.subnetId.key) return undefined
  const text = `Incorrect sender subnet id: ${home.id.toText()}. Sender should be on the same subnet or on the NNS subnet.`
  return createReject('CanisterContractViolation', text)
}
