/** Calls to one canister, by the interface that it publishes. */
import { Actor, CanisterStatus, HttpAgent, type Identity } from '@dfinity/agent'
import { IDL } from '@dfinity/candid'
import type { Principal } from '@dfinity/principal'
import {
  type CanisterInterface,
  CandidError,
  decodeValues,
  type MethodInterface,
  printArguments,
  readInterface,
  serviceOf,
} from '@tidemark/candid'
import type { Network } from '../../src/feed/network.ts'

export type Answer = { readonly text: string; readonly milliseconds: number }

export type Caller = {
  readonly did: string
  readonly interface: CanisterInterface
  /** @returns the reply as Candid text. @throws the agent's error when the call is rejected or nobody answers */
  readonly call: (name: string, method: MethodInterface, args: readonly unknown[]) => Promise<Answer>
}

export type Connection = {
  readonly network: Network
  readonly canisterId: Principal
  /** Absent for calls by nobody in particular. */
  readonly identity: Identity | undefined
  /** Text of an interface to use instead of the one that the canister publishes. */
  readonly did: string | undefined
}

/** @throws Error when the canister publishes no interface, or one that cannot be read */
export async function connect({ network, canisterId, identity, did: given }: Connection): Promise<Caller> {
  const agent = await HttpAgent.create({
    host: network.agentHost,
    shouldFetchRootKey: network.isLocal,
    ...(identity === undefined ? {} : { identity }),
  })
  const did = given ?? (await published(agent, canisterId))
  const known = read(did)
  const service = serviceOf(known)
  const actor = Actor.createActor<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>(() => service, { agent, canisterId })
  return {
    did,
    interface: known,
    call: async (name, { results }, args) => {
      const started = performance.now()
      const result = await actor[name]?.(...args)
      const milliseconds = performance.now() - started
      return { text: print(results, result), milliseconds }
    },
  }
}

/** The interface in the module's metadata, or what canisters of older kits answer when they are asked. */
async function published(agent: HttpAgent, canisterId: Principal): Promise<string> {
  const status = await CanisterStatus.request({ canisterId, agent, paths: ['candid'] })
  const metadata = status.get('candid')
  if (typeof metadata === 'string') return metadata
  const method = '__get_candid_interface_tmp_hack'
  const answering = IDL.Service({ [method]: IDL.Func([], [IDL.Text], ['query']) })
  const actor = Actor.createActor<Record<typeof method, () => Promise<string>>>(() => answering, { agent, canisterId })
  try {
    return await actor[method]()
  } catch (error) {
    throw new Error(`Canister ${canisterId.toText()} publishes no interface, or there is no such canister.`, { cause: error })
  }
}

function read(did: string): CanisterInterface {
  try {
    return readInterface(did)
  } catch (error) {
    if (error instanceof CandidError) throw new Error(`The interface cannot be read: ${error.message}`, { cause: error })
    throw error
  }
}

/** The agent gives one result as itself and several as a list. */
function print(types: readonly IDL.Type[], result: unknown): string {
  const values = types.length === 0 ? [] : types.length === 1 ? [result] : (result as unknown[])
  return printArguments(decodeValues(new Uint8Array(IDL.encode([...types], values)), types))
}
