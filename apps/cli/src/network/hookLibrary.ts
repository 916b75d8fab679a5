/** What a canister with one of the hook libraries tells its controllers: runs, captured errors, and to make calls again. */
import { Actor, type ActorSubclass, type HttpAgent } from '@dfinity/agent'
import type { Principal } from '@dfinity/principal'
import { lifecycleHooksExample, type LifecycleHooksExampleService, type lifecycleHooksExampleTypes as example } from '@tidemark/bindings'
import { messageOf } from '../output/cliError.ts'

type Library = Pick<LifecycleHooksExampleService, 'canister_hook_runs' | 'canister_hook_errors' | 'canister_hook_redrive'>

/** What the library has recorded. */
export interface LibraryRecord {
  readonly runs: readonly example.Run[]
  readonly errors: readonly example.CapturedError[]
}

/** The methods by which the library is asked. */
export function hookLibraryOf(agent: HttpAgent, canisterId: Principal): ActorSubclass<Library> {
  return Actor.createActor<Library>(lifecycleHooksExample.idlFactory, { agent, canisterId })
}

/** Everything that the library has recorded; undefined for a canister without it. Rejects when the caller may not read it. */
export async function readLibrary(agent: HttpAgent, canisterId: Principal): Promise<LibraryRecord | undefined> {
  const library = hookLibraryOf(agent, canisterId)
  try {
    const [runs, errors] = await Promise.all([library.canister_hook_runs(), library.canister_hook_errors()])
    return { runs, errors }
  } catch (error) {
    // No such method, or no code at all.
    if (/IC053[67]/.test(messageOf(error))) return undefined
    throw error
  }
}
