/** `tidemark canister install`: installs a built canister, or a given module. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { type Built, buildForInstall, type DeployMode, installBuilt } from '../../deploy/deployCanisters.ts'
import { prepareModule, readFile } from '../../deploy/module.ts'
import { CliError } from '../../output/cliError.ts'
import { createSteps } from '../../output/steps.ts'
import type { Terminal } from '../../output/terminal.ts'
import { type CanisterConfig, requireCanister, requireProject } from '../../project/dfxJson.ts'
import { namedOrAll, openSession, requireTarget, type Session, type SessionOptions } from '../../session.ts'
import { addSessionOptions } from '../options.ts'

interface Options extends SessionOptions {
  readonly all?: boolean
  readonly mode: DeployMode
  readonly argument?: string
  readonly wasm?: string
  readonly yes?: boolean
}

export function registerInstall(canister: Command, terminal: Terminal): void {
  const command = canister
    .command('install')
    .description('install code into a canister that exists')
    .argument('[canister]')
    .option('--all', 'every canister of the project that has an id')
    .addOption(new Option('--mode <mode>', 'how to install').choices(['install', 'reinstall', 'upgrade', 'auto']).default('install'))
    .option('--argument <candid>', 'init argument, for example "(42)"')
    .option('--wasm <file>', 'module to install, instead of what the project builds')
    .option('-y, --yes', 'answer yes to every question')
  addSessionOptions(command).action((name: string | undefined, options: Options) => install(terminal, name, options))
}

async function install(terminal: Terminal, name: string | undefined, options: Options): Promise<void> {
  const session = await openSession(terminal, options)
  for (const each of namedOrAll(session, name, options.all)) {
    const target = requireTarget(session, each)
    const steps = createSteps(terminal)
    const code = await steps.run(`Building ${target.name}`, () => toInstall(session, target.name, options))
    const { mode, argument } = options
    await installBuilt(session, { target, ...code }, { mode, argument, yes: options.yes === true }, steps)
  }
}

async function toInstall(
  { terminal, project }: Session,
  name: string,
  { wasm }: Options,
): Promise<{ config?: CanisterConfig; built: Built }> {
  const config = project?.canisters.get(name)
  if (wasm === undefined) {
    const owner = project ?? requireProject(terminal.cwd)
    const canister = requireCanister(owner, name)
    return { config: canister, built: await buildForInstall(owner, canister) }
  }
  if (/^https?:/.test(wasm)) throw new CliError({ what: '--wasm takes a file.', remedy: 'Download the module first.' })
  const did = readDid(project?.root, config)
  const module = prepareModule(readFile(resolve(terminal.cwd, wasm)), did === undefined ? {} : { did })
  return { ...(config === undefined ? {} : { config }), built: { module, ...(did === undefined ? {} : { did }) } }
}

function readDid(root: string | undefined, config: CanisterConfig | undefined): string | undefined {
  if (root === undefined || config?.candid === undefined) return undefined
  return readFileSync(resolve(root, config.candid), 'utf8')
}
