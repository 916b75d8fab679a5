import { type Principal, managementCanisterId } from '@tidemark/types'
import type { World } from '../world.ts'

/** Whether messages of a sender wait apart from those of this subnet. One that is nowhere counts as being elsewhere. */
export function isRemote(world: World, sender: Principal): boolean {
  return world.state.peek(sender) === undefined && !isManagement(world, sender)
}

/** The management canister, by its own id or by that of the subnet. */
export function isManagement(world: World, receiver: Principal): boolean {
  return receiver.key === managementCanisterId.key || receiver.key === world.env.subnetId.key
}
