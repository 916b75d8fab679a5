/** `tidemark start`: a local network in this terminal, in the background, or with the whole project on it. */
import { type Command, Option } from 'commander'
import { defaultBind, parseBind, parsePort } from '../../network/network.ts'
import { print, type Terminal } from '../../output/terminal.ts'
import { findProject, requireProject } from '../../project/dfxJson.ts'
import { parsedBy } from '../options.ts'
import { startInBackground } from './background.ts'

interface Options {
  readonly host?: string
  readonly clean?: boolean
  readonly background?: boolean
  readonly fullStack?: boolean
  readonly profile: '2025' | '2026'
  readonly experimentalHooks?: boolean
  readonly systemCanisters?: boolean
  readonly adminPort: number
}

export function registerStart(program: Command, terminal: Terminal, version: string): void {
  program
    .command('start')
    .description('start a local network')
    .option('--host <host:port>', `address to listen on (default: that of dfx.json, else ${defaultBind})`)
    .option('--clean', 'start afresh: forget the canisters and the keys of the network before')
    .option('--background', 'start it and give the terminal back')
    .option('--full-stack', 'build and deploy the whole project, dashboard included')
    .addOption(new Option('--profile <year>', 'prices and metering').choices(['2025', '2026']).default('2026'))
    .option('--experimental-hooks', 'let canisters opt in to lifecycle hooks that no network has yet')
    .option('--system-canisters', 'put the ledgers of ICP and cycles, the cycles minting canister and the registry on it')
    .option(
      '--admin-port <port>',
      'port of the administration, on loopback (default: any free one)',
      parsedBy('--admin-port', parsePort),
      0,
    )
    .addOption(new Option('--pocketic', 'accepted for compatibility').hideHelp())
    .action((options: Options) => start(terminal, version, options))
}

async function start(terminal: Terminal, version: string, options: Options): Promise<void> {
  const project = options.fullStack === true ? requireProject(terminal.cwd) : findProject(terminal.cwd)
  const folder = project?.root ?? terminal.cwd
  const { host, port } = parseBind(options.host ?? project?.networks.get('local')?.bind ?? defaultBind)
  const serveOptions = {
    folder,
    project,
    host,
    port,
    clean: options.clean === true,
    profile: options.profile,
    experimentalHooks: options.experimentalHooks === true,
    adminPort: options.adminPort,
  }
  // Loaded only here: the replica is most of the program, and no other command needs it.
  if (options.fullStack === true && project !== undefined) {
    const { startFullStack } = await import('../../fullStack/startFullStack.ts')
    return startFullStack(terminal, project, serveOptions)
  }
  print(terminal, `Running tidemark start for version ${version}`)
  const systemCanisters = options.systemCanisters === true
  if (options.background === true) return startInBackground(terminal, { ...serveOptions, systemCanisters })
  const [{ serve }, { furnishAll, furnishSignIn }] = await Promise.all([import('./serve.ts'), import('../../server/lateFurnishing.ts')])
  const network = await serve(terminal, serveOptions)
  const ending = new AbortController()
  try {
    print(
      terminal,
      `Replica API running on ${host}:${network.port}. You must open a new terminal to continue developing. If you'd prefer to stop, quit with 'Ctrl-C'.`,
    )
    const interrupted = terminal.untilInterrupted()
    const furnished = furnishSignIn(terminal, network, ending.signal).then(async (isThere) => {
      if (isThere) print(terminal, `Sign-in page on http://id.ai.localhost:${network.port}/`)
      if (systemCanisters) await furnishAll(terminal, network, ending.signal)
    })
    await Promise.race([interrupted, furnished])
    await interrupted
  } finally {
    ending.abort()
    await network.close()
  }
}
