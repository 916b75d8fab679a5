/**
 * What the certified state says of a canister to everybody: module hash, controllers, metadata.
 *
 * @see Interface specification, "Canister information".
 */
import { CanisterStatus, type HttpAgent } from '@dfinity/agent'
import type { Principal } from '@dfinity/principal'

const path = (key: string, name: string, decodeStrategy: 'raw' | 'utf-8'): CanisterStatus.MetaData => ({
  kind: 'metadata',
  key,
  path: name,
  decodeStrategy,
})

/** SHA-256 of the installed module as it was uploaded; undefined while there is none. */
export async function readModuleHash(agent: HttpAgent, canisterId: Principal): Promise<string | undefined> {
  const found = await CanisterStatus.request({ agent, canisterId, paths: ['module_hash'] })
  const hash = found.get('module_hash')
  return typeof hash === 'string' ? hash : undefined
}

export async function readControllers(agent: HttpAgent, canisterId: Principal): Promise<Principal[]> {
  const found = await CanisterStatus.request({ agent, canisterId, paths: ['controllers'] })
  const controllers = found.get('controllers')
  return Array.isArray(controllers) ? (controllers as Principal[]) : []
}

/** Content of a custom section that the caller may read; undefined when there is none. */
export async function readMetadata(agent: HttpAgent, canisterId: Principal, name: string): Promise<Uint8Array | undefined> {
  const found = await CanisterStatus.request({ agent, canisterId, paths: [path('section', name, 'raw')] })
  const section = found.get('section')
  return section instanceof Uint8Array ? section : undefined
}

/** Like {@link readMetadata}, as text. */
export async function readMetadataText(agent: HttpAgent, canisterId: Principal, name: string): Promise<string | undefined> {
  const bytes = await readMetadata(agent, canisterId, name)
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes)
}
