/** The management canister, with each call routed to the canister that it is about. */
import { Actor, type ActorSubclass, type HttpAgent } from '@dfinity/agent'
import { Principal } from '@dfinity/principal'
import { management, type ManagementService } from '@tidemark/bindings'

export const managementId: Principal = Principal.managementCanister()

/** The management canister as seen from one canister: its id is the effective canister id of every call. */
export function managementFor(agent: HttpAgent, canisterId: Principal): ActorSubclass<ManagementService> {
  const transform = () => ({ effectiveCanisterId: canisterId })
  return Actor.createActor<ManagementService>(management.idlFactory, {
    agent,
    canisterId: managementId,
    callTransform: transform,
    queryTransform: transform,
  })
}
