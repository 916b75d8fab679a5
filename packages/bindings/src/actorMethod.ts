/**
 * A canister method as an agent's actor offers it: arguments in Candid order, one value back (or a tuple where the
 * method returns several). It is the call form of the agents' own `ActorMethod`, so a service type from here can be
 * given to `Actor.createActor` of any agent.
 */
export type ActorMethod<Args extends unknown[] = unknown[], Result = unknown> = (...args: Args) => Promise<Result>
