/** Runs a network for the `icp` command: starts it, says in a file where it is, and stays until it is told to end. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { toHex } from '@tidemark/types'
import { removeAdminAccess, writeAdminAccess } from '../admin/accessFile.ts'
import type { Terminal } from '../output/terminal.ts'
import { writeWhole } from '../project/files.ts'
import { builtPages } from '../server/builtPages.ts'
import { type LocalNetwork, startLocalNetwork } from '../server/localNetwork.ts'
import { randomSeed, readOrCreateSeedIn } from '../server/networkSeed.ts'
import { buildSystemModules } from '../server/systemModules.ts'
import { parseLauncherArguments } from './arguments.ts'
import { watchCustomDomains } from './customDomains.ts'

const cacheFolder = fileURLToPath(new URL('../../../../.tidemark/cache/modules', import.meta.url))

/** @throws CliError for arguments that it does not take, a port that is taken, or a folder that cannot be written */
export async function launch(args: readonly string[], terminal: Terminal): Promise<void> {
  const { statusFolder, stateFolder, host, port, configPort, delayMillis, subnets } = parseLauncherArguments(
    args,
    terminal.env['ICP_CLI_NETWORK_LAUNCHER_INTERFACE_VERSION'],
  )
  const interrupted = terminal.untilInterrupted()
  const systemModules = await buildSystemModules(async (name, task) => {
    terminal.warn(`Building ${name}`)
    return task()
  })
  const network = await startLocalNetwork({
    host,
    port,
    seed: stateFolder === undefined ? randomSeed() : readOrCreateSeedIn(stateFolder),
    profile: '2026',
    experimentalHooks: false,
    subnets,
    cacheFolder,
    ...(stateFolder === undefined ? {} : { stateFolder: join(stateFolder, 'network') }),
    roundMillis: delayMillis,
    admin: { port: configPort, companions: [] },
    folders: builtPages,
    ...(statusFolder === undefined ? {} : { customDomains: watchCustomDomains(join(statusFolder, 'custom-domains.txt')) }),
    landing: () => [],
    onFailure: (error) => terminal.warn(`The network failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  })
  try {
    network.furnish(systemModules)
    if (stateFolder !== undefined && network.admin !== undefined) writeAdminAccess(stateFolder, network.admin, process.pid)
    if (statusFolder !== undefined) announce(statusFolder, network)
    terminal.warn(`Network ready on http://${host}:${network.port}`)
    await interrupted
  } finally {
    if (stateFolder !== undefined) removeAdminAccess(stateFolder, process.pid)
    await network.close()
  }
}

/** The file appears whole: whoever waits for it never reads half of it. */
function announce(folder: string, { port, rootKey, defaultEffectiveCanisterId }: LocalNetwork): void {
  const status = {
    v: '1',
    gateway_port: port,
    root_key: toHex(rootKey),
    default_effective_canister_id: defaultEffectiveCanisterId.toText(),
    supported_features: ['custom-domains'],
  }
  writeWhole(join(folder, 'status.json'), `${JSON.stringify(status)}\n`)
}
