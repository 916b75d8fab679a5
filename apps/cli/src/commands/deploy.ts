/** `tidemark deploy`: from the project's sources to running canisters. */
import { type Command, Option } from 'commander'
import { deployCanisters, type DeployMode } from '../deploy/deployCanisters.ts'
import { CliError } from '../output/cliError.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { requireCanister, requireProject } from '../project/dfxJson.ts'
import { openSession, type SessionOptions } from '../session.ts'
import { addSessionOptions } from './options.ts'

interface Options extends SessionOptions {
  readonly mode: DeployMode
  readonly argument?: string
  readonly specifiedId?: string
  readonly postInit?: string
  readonly yes?: boolean
}

export function registerDeploy(program: Command, terminal: Terminal): void {
  const command = program
    .command('deploy')
    .description('create, build and install the canisters of the project')
    .argument('[canister]', 'name in dfx.json; without it all are deployed')
    .addOption(new Option('--mode <mode>', 'how to install code').choices(['install', 'reinstall', 'upgrade', 'auto']).default('auto'))
    .option('--argument <candid>', 'init argument, for example "(42)"')
    .option('--specified-id <id>', 'id that the canister is to have')
    .option(
      '--post-init <module>',
      'start in two steps: first this module (a name in dfx.json or a file), which has canister_post_init only',
    )
    .option('-y, --yes', 'answer yes to every question')
    .option('--no-wallet', 'accepted for compatibility; there are no wallets')
  addSessionOptions(command).action((name: string | undefined, options: Options) => deploy(terminal, name, options))
}

async function deploy(terminal: Terminal, name: string | undefined, options: Options): Promise<void> {
  const project = requireProject(terminal.cwd)
  if (name !== undefined) requireCanister(project, name)
  if (name === undefined && (options.argument ?? options.specifiedId ?? options.postInit) !== undefined) {
    throw new CliError({ what: '--argument, --specified-id and --post-init are for one canister.', remedy: 'Name the canister to deploy.' })
  }
  const session = await openSession(terminal, options)
  print(terminal, name === undefined ? 'Deploying all canisters.' : `Deploying: ${name}`)
  const names = name === undefined ? [...project.canisters.keys()] : [name]
  await deployCanisters(session, project, names, {
    mode: options.mode,
    argument: options.argument,
    specifiedId: options.specifiedId,
    postInit: options.postInit,
    yes: options.yes === true,
  })
}
