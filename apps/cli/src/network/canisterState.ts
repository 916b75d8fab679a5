/**
 * What the certified state says of a canister to everybody: module hash, controllers, metadata.
 *
 * @see Interface specification, "Canister information" and "Request: Read state".
 */
import { Cbor, Certificate, type HttpAgent, lookupResultToBuffer } from '@dfinity/agent'
import { Principal } from '@dfinity/principal'
import { toHex } from '@tidemark/types'
import { CliError } from '../output/cliError.ts'

/** SHA-256 of the installed module as it was uploaded, hexadecimal; undefined while there is none. */
export async function readModuleHash(agent: HttpAgent, canisterId: Principal): Promise<string | undefined> {
  const hash = await readOne(agent, canisterId, ['module_hash'])
  return hash === undefined ? undefined : toHex(hash)
}

export async function readControllers(agent: HttpAgent, canisterId: Principal): Promise<Principal[]> {
  const encoded = await readOne(agent, canisterId, ['controllers'])
  const decoded: unknown = encoded === undefined ? [] : Cbor.decode(encoded)
  if (!Array.isArray(decoded)) return []
  return decoded.flatMap((id) => (id instanceof Uint8Array ? [Principal.fromUint8Array(id)] : []))
}

/** Content of a custom section that the caller may read; undefined when there is none. */
export async function readMetadata(agent: HttpAgent, canisterId: Principal, name: string): Promise<Uint8Array | undefined> {
  return readOne(agent, canisterId, ['metadata', name])
}

/** Like {@link readMetadata}, as text. */
export async function readMetadataText(agent: HttpAgent, canisterId: Principal, name: string): Promise<string | undefined> {
  const bytes = await readMetadata(agent, canisterId, name)
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes)
}

/** A value below `/canister/<id>`, verified; undefined when the state has none. */
async function readOne(agent: HttpAgent, canisterId: Principal, labels: readonly string[]): Promise<Uint8Array | undefined> {
  const encoder = new TextEncoder()
  const path = [encoder.encode('canister'), canisterId.toUint8Array(), ...labels.map((label) => encoder.encode(label))]
  const { certificate } = await agent.readState(canisterId, { paths: [path] })
  if (agent.rootKey === null) throw new CliError({ what: 'The root key of the network is not known.' })
  const verified = await Certificate.create({ certificate, rootKey: agent.rootKey, canisterId, agent })
  return lookupResultToBuffer(verified.lookup_path(path))
}
