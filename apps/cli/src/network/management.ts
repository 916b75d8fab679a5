/** The management canister, with each call routed to the canister that it is about. */
import { Actor, type ActorSubclass, type HttpAgent } from '@dfinity/agent'
import { Principal } from '@dfinity/principal'
import {
  type Binding,
  experimentalManagement,
  type ExperimentalManagementService,
  management,
  type ManagementService,
} from '@tidemark/bindings'

export const managementId: Principal = Principal.managementCanister()

/** The management canister as seen from one canister: its id is the effective canister id of every call. */
export function managementFor(agent: HttpAgent, canisterId: Principal): ActorSubclass<ManagementService> {
  return actorFor<ManagementService>(management, agent, canisterId)
}

/** What the management canister of a network with experimental hooks has besides; other networks leave the fields empty. */
export function experimentalManagementFor(agent: HttpAgent, canisterId: Principal): ActorSubclass<ExperimentalManagementService> {
  return actorFor<ExperimentalManagementService>(experimentalManagement, agent, canisterId)
}

function actorFor<Service>({ idlFactory }: Binding, agent: HttpAgent, effectiveCanisterId: Principal): ActorSubclass<Service> {
  const transform = () => ({ effectiveCanisterId })
  return Actor.createActor<Service>(idlFactory, { agent, canisterId: managementId, callTransform: transform, queryTransform: transform })
}
