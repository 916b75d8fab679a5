/** What every command that talks to a network starts from: project, network, identity, canister ids. */
import type { HttpAgent, Identity } from '@dfinity/agent'
import { Principal } from '@dfinity/principal'
import { connect } from './network/connect.ts'
import { loadIdentity } from './network/identity.ts'
import { type Network, resolveNetwork } from './network/network.ts'
import { CliError } from './output/cliError.ts'
import type { Terminal } from './output/terminal.ts'
import { CanisterIds } from './project/canisterIds.ts'
import { findProject, type Project } from './project/dfxJson.ts'
import { readIcpCanisterId } from './project/icpNetwork.ts'
import { readIdsOwner, writeIdsOwner } from './project/localNetwork.ts'

/** Options that every networked command has. */
export interface SessionOptions {
  readonly network?: string
  readonly identity?: string
}

export interface Session {
  readonly terminal: Terminal
  /** Folder of the project, or the working folder without one. */
  readonly folder: string
  readonly project: Project | undefined
  readonly network: Network
  readonly identity: Identity
  readonly ids: CanisterIds
  readonly agent: HttpAgent
}

/** @throws CliError when the network does not answer, or project, network or identity cannot be read */
export async function openSession(terminal: Terminal, options: SessionOptions): Promise<Session> {
  const offline = openOffline(terminal, options)
  const identity = loadIdentity(terminal.env, options.identity)
  return { ...offline, identity, agent: await connect(offline.network, identity) }
}

/** The part of a session that needs no network. */
export function openOffline(terminal: Terminal, options: SessionOptions): Omit<Session, 'agent' | 'identity'> {
  const project = findProject(terminal.cwd)
  const folder = project?.root ?? terminal.cwd
  const network = resolveNetwork({ folder, project, env: terminal.env, name: options.network })
  const ids = new CanisterIds(folder, network.name, network.persistent)
  dropForeignIds(folder, network, ids)
  return { terminal, folder, project, network, ids }
}

/** Ids of a local network that no longer exists would name canisters that are gone, or, worse, others. */
function dropForeignIds(folder: string, network: Network, ids: CanisterIds): void {
  if (network.networkId === undefined || readIdsOwner(folder) === network.networkId) return
  ids.clear()
  writeIdsOwner(folder, network.networkId)
}

/** A canister that the user named. */
export interface Target {
  readonly name: string
  readonly id: Principal
}

/**
 * The canister of a name in the project, or of an id.
 *
 * @throws CliError when the name has no id on this network
 */
export function requireTarget({ folder, ids, project, network }: Omit<Session, 'agent' | 'identity'>, nameOrId: string): Target {
  const ofIcp = network.name === 'local' ? readIcpCanisterId(folder, nameOrId) : undefined
  const id = ids.get(nameOrId) ?? project?.canisters.get(nameOrId)?.remoteIds.get(network.name) ?? ofIcp
  if (id !== undefined) return { name: nameOrId, id: Principal.fromText(id) }
  const principal = parsePrincipal(nameOrId)
  if (principal !== undefined) return { name: ids.nameOf(nameOrId) ?? nameOrId, id: principal }
  throw new CliError({
    what: `Cannot find canister id for "${nameOrId}" on network ${network.name}.`,
    why:
      project?.canisters.has(nameOrId) === true
        ? 'It has not been created there yet.'
        : 'It is neither a canister of this project nor a principal.',
    remedy: `Create it with \`tidemark canister create ${nameOrId}\`, or deploy it.`,
  })
}

/** The principal of a text; undefined when it is none. */
export function parsePrincipal(text: string): Principal | undefined {
  try {
    return Principal.fromText(text)
  } catch {
    return undefined
  }
}

/** Names of a command that takes either one canister or `--all`. @throws CliError when neither is given */
export function namedOrAll(session: Omit<Session, 'agent' | 'identity'>, name: string | undefined, all: boolean | undefined): string[] {
  if (name !== undefined) return [name]
  if (all === true) return session.ids.entries().map(([each]) => each)
  throw new CliError({ what: 'Name a canister, or pass --all.' })
}
