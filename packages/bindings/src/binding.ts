import type { IDL } from '@dfinity/candid'

/** What is known of a canister's interface at run time. `Service`, the type of its actors, is carried along for the compiler only. */
export interface Binding<Service = unknown> {
  /** Makes the service type; what `Actor.createActor` takes. */
  readonly idlFactory: IDL.InterfaceFactory
  /** Makes the types of the initialisation arguments, in order; empty when there are none. */
  readonly init: (args: { IDL: typeof IDL }) => IDL.Type[]
  /** The Candid text. */
  readonly did: string
  /** Never there at run time. */
  readonly service?: Service
}
