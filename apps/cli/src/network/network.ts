/** Which network a command talks to. */
import type { NetworkConfig, Project } from '../project/dfxJson.ts'
import { readIcpPort } from '../project/icpNetwork.ts'
import { readRunningNetwork } from '../project/localNetwork.ts'
import { CliError } from '../output/cliError.ts'

export const defaultBind = '127.0.0.1:4943'

export interface Network {
  /** As canister id files name it: `local`, `ic`, a name from dfx.json, or a URL. */
  readonly name: string
  readonly url: string
  /** Whether its canisters outlive a restart, so that their ids are kept in the project. */
  readonly persistent: boolean
  /** Whether the agents' built-in root key is to be trusted rather than the one that the network reports. */
  readonly isMainnet: boolean
  /** Changes when a local network was made anew; undefined elsewhere. */
  readonly networkId?: string
}

/**
 * @param folder - folder of the project, or the working folder without one
 * @param name - `local`, `ic`, a name in dfx.json or a URL; by default `$DFX_NETWORK`, else `local`
 * @throws CliError when nothing is known of the name
 */
export function resolveNetwork({
  folder,
  project,
  env,
  name = env['DFX_NETWORK'] ?? 'local',
}: {
  folder: string
  project: Project | undefined
  env: Readonly<Record<string, string | undefined>>
  name?: string | undefined
}): Network {
  if (name === 'ic') return { name, url: 'https://icp-api.io', persistent: true, isMainnet: true }
  if (/^https?:\/\//.test(name)) return { name, url: checkedUrl(name), persistent: false, isMainnet: isMainnetUrl(name) }
  const config = project?.networks.get(name)
  const provider = config?.providers[0]
  if (provider !== undefined) {
    return { name, url: checkedUrl(provider), persistent: config?.persistent ?? true, isMainnet: isMainnetUrl(provider) }
  }
  if (name === 'local') return localNetwork(folder, config)
  throw new CliError({
    what: `There is no network "${name}".`,
    why: `Known: ${[...new Set(['ic', 'local', ...(project?.networks.keys() ?? [])])].join(', ')}.`,
    remedy: 'Give one of these, a URL, or add the network to dfx.json.',
  })
}

/** Host and port of a bind address such as `127.0.0.1:4943`. @throws CliError when it is none */
export function parseBind(bind: string): { readonly host: string; readonly port: number } {
  const parts = /^(?:\[([0-9a-fA-F:]+)\]|([^:]+)):(\d{1,5})$/.exec(bind)
  const port = Number(parts?.[3])
  const host = parts?.[1] ?? parts?.[2]
  if (host === undefined || !(port <= 65_535)) {
    throw new CliError({ what: `"${bind}" is no address to listen on.`, remedy: `Write host and port, for example ${defaultBind}.` })
  }
  return { host, port }
}

/** A port, 0 for any free one. @throws Error when it is none */
export function parsePort(value: unknown): number {
  if (typeof value === 'string' && /^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value)
  throw new Error(`a port from 0 to 65535, not ${JSON.stringify(value)}`)
}

function localNetwork(folder: string, config: NetworkConfig | undefined): Network {
  const running = readRunningNetwork(folder)
  const { host, port } = parseBind(config?.bind ?? defaultBind)
  const reachable = host === '0.0.0.0' || host === 'localhost' ? '127.0.0.1' : host
  return {
    name: 'local',
    url: `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${running?.port ?? readIcpPort(folder) ?? port}`,
    persistent: config?.persistent ?? false,
    isMainnet: false,
    ...(running === undefined ? {} : { networkId: running.networkId }),
  }
}

function checkedUrl(text: string): string {
  if (URL.canParse(text)) return text
  throw new CliError({ what: `"${text}" is no URL of a network.` })
}

function isMainnetUrl(text: string): boolean {
  return /(?:^|\.)(?:ic0\.app|icp0\.io|icp-api\.io|internetcomputer\.org)$/.test(new URL(text).hostname)
}
