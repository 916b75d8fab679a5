/** Runs a project's local network in this process, with the files by which other commands find it. */
import { randomUUID } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { removeAdminAccess, writeAdminAccess } from '../../admin/accessFile.ts'
import { candidUrl, pageUrls } from '../../deploy/urls.ts'
import { resolveNetwork } from '../../network/network.ts'
import { CliError } from '../../output/cliError.ts'
import type { Terminal } from '../../output/terminal.ts'
import { CanisterIds } from '../../project/canisterIds.ts'
import type { Project } from '../../project/dfxJson.ts'
import { readIdsOwner, readRunningNetwork, removeRunningNetwork, writeIdsOwner, writeRunningNetwork } from '../../project/localNetwork.ts'
import { builtPages } from '../../server/builtPages.ts'
import { canisterOfHost } from '../../server/namedHosts.ts'
import { type LocalNetwork, startLocalNetwork } from '../../server/localNetwork.ts'
import { networkFolder, readOrCreateSeed } from '../../server/networkSeed.ts'
import { forgetProject, projectCompanion } from './projectCompanion.ts'

export interface ServeOptions {
  readonly folder: string
  readonly project: Project | undefined
  readonly host: string
  readonly port: number
  readonly clean: boolean
  readonly profile: '2025' | '2026'
  /** Whether canisters may opt in to lifecycle hooks that the protocol does not have. */
  readonly experimentalHooks: boolean
  /** Port of the administration; 0 for any free one. */
  readonly adminPort: number
}

/** Starts the network. @throws CliError when one is running already, or the port is taken */
export async function serve(terminal: Terminal, options: ServeOptions): Promise<LocalNetwork> {
  const { folder, project, host, port, clean, profile, experimentalHooks, adminPort } = options
  await refuseSecond(folder)
  if (clean) rmSync(networkFolder(folder), { recursive: true, force: true })
  const seed = readOrCreateSeed(folder)
  let running = 0
  const network = await startLocalNetwork({
    host,
    port,
    seed,
    profile,
    experimentalHooks,
    cacheFolder: join(folder, '.tidemark', 'cache', 'modules'),
    stateFolder: join(networkFolder(folder), 'state'),
    folders: builtPages,
    landing: () => landing(folder, project, running),
    customDomains: (asked) => canisterOfHost(asked, () => idsOf(folder, project).entries()),
    admin: { port: adminPort, companions: [projectCompanion(folder, () => idsOf(folder, project))] },
    onNotice: (text) => terminal.warn(text),
    onFailure: (error) => terminal.warn(`The network failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  })
  running = network.port
  const ownerBefore = network.isResumed ? readIdsOwner(folder) : undefined
  const networkId = ownerBefore ?? JSON.stringify({ id: randomUUID(), created: new Date().toISOString() })
  writeRunningNetwork(folder, { pid: process.pid, port: network.port, networkId })
  if (network.admin !== undefined) writeAdminAccess(networkFolder(folder), network.admin, process.pid)
  if (ownerBefore === undefined) {
    // Ids of another network would name nothing here.
    forgetProject(folder, idsOf(folder, project))
    writeIdsOwner(folder, networkId)
  }
  return {
    ...network,
    close: async () => {
      removeRunningNetwork(folder, process.pid)
      removeAdminAccess(networkFolder(folder), process.pid)
      await network.close()
    },
  }
}

function idsOf(folder: string, project: Project | undefined): CanisterIds {
  return new CanisterIds(folder, 'local', project?.networks.get('local')?.persistent ?? false)
}

async function refuseSecond(folder: string): Promise<void> {
  const running = readRunningNetwork(folder)
  if (running === undefined || !(await answers(running.port))) return
  throw new CliError({
    what: `Port ${running.port} is taken: a network of this project is running already.`,
    why: `Its process has the id ${running.pid}; its files are in ${join(folder, '.dfx', 'network', 'local')}.`,
    remedy: 'Stop it with `tidemark stop`, or go on using it.',
  })
}

/** A process id may belong to another program by now; only an answer proves that the network is there. */
async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/v2/status`, { signal: AbortSignal.timeout(3_000) })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}

function landing(folder: string, project: Project | undefined, port: number): { name: string; id: string; url: string }[] {
  if (!existsSync(folder)) return []
  const network = { ...resolveNetwork({ folder, project, env: {}, name: 'local' }), url: `http://127.0.0.1:${port}` }
  const ids = new CanisterIds(folder, network.name, network.persistent)
  const isPage = (name: string) => project?.canisters.get(name)?.type === 'assets'
  return ids.entries().map(([name, id]) => ({ name, id, url: isPage(name) ? pageUrls(network, id).legacy : candidUrl(network, id) }))
}
