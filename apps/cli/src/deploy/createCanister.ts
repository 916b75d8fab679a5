/** Makes canisters on a network, with the settings that the project gives them at birth. */
import { Principal } from '@dfinity/principal'
import { managementFor, managementId } from '../network/management.ts'
import type { Session } from '../session.ts'
import { CliError } from '../output/cliError.ts'
import { toCanisterSettings, type WantedSettings } from '../project/settings.ts'

/** Where nothing better is known: an id in the range of every local network. */
const anyLocalCanister = Principal.fromText('rwlgt-iiaaa-aaaaa-aaaaa-cai')

export interface Birth {
  readonly name: string
  readonly settings: WantedSettings
  readonly specifiedId?: string | undefined
  readonly cycles?: bigint | undefined
}

/**
 * Creates a canister and records its id.
 *
 * @returns the id
 * @throws CliError on mainnet, where creation is paid for through the cycles ledger
 */
export async function createCanister(session: Session, { name, settings, specifiedId, cycles }: Birth): Promise<string> {
  if (session.network.isMainnet) {
    throw new CliError({
      what: `Canister ${name} cannot be created on ${session.network.name} by tidemark.`,
      why: 'Creating a canister there is paid from a cycles account.',
      remedy: 'Create it with dfx or icp; tidemark finds its id in canister_ids.json and can deploy to it.',
    })
  }
  const effective = specifiedId === undefined ? await defaultEffectiveCanisterId(session) : Principal.fromText(specifiedId)
  const { canister_id: id } = await managementFor(session.agent, effective).provisional_create_canister_with_cycles({
    amount: cycles === undefined ? [] : [cycles],
    settings: [toCanisterSettings(settings)],
    specified_id: specifiedId === undefined ? [] : [effective],
    sender_canister_version: [],
  })
  session.ids.set(name, id.toText())
  return id.toText()
}

/** Changes settings; fields that are absent stay as they are. */
export async function updateSettings(session: Session, canisterId: Principal, settings: WantedSettings): Promise<void> {
  await managementFor(session.agent, canisterId).update_settings({
    canister_id: canisterId,
    settings: toCanisterSettings(settings),
    sender_canister_version: [],
  })
}

/** Local networks say which subnet new canisters belong to; others are asked under the management canister's id. */
async function defaultEffectiveCanisterId({ network }: Session): Promise<Principal> {
  try {
    const response = await fetch(new URL('/_/topology', network.url))
    const topology: unknown = response.ok ? await response.json() : undefined
    const id = topology !== null && typeof topology === 'object' ? Reflect.get(topology, 'default_effective_canister_id') : undefined
    const base64: unknown = id !== null && typeof id === 'object' ? Reflect.get(id, 'canister_id') : undefined
    if (typeof base64 === 'string') return Principal.fromUint8Array(new Uint8Array(Buffer.from(base64, 'base64')))
  } catch {
    // A network without this page is no error: the fixed id below does for every other.
  }
  return network.name === 'local' ? anyLocalCanister : managementId
}
