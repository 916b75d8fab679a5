/** Deploys canisters of a project: creates what is missing, builds, installs, uploads files. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Principal } from '@dfinity/principal'
import { readModuleHash } from '../network/canisterState.ts'
import { CliError } from '../output/cliError.ts'
import { createSteps, type Steps } from '../output/steps.ts'
import { print } from '../output/terminal.ts'
import { type CanisterConfig, type Project, requireCanister } from '../project/dfxJson.ts'
import { writeEnvFile } from '../project/envFile.ts'
import { requireTarget, type Session, type Target } from '../session.ts'
import { scanAssets } from './assets/scan.ts'
import { assetCanister, syncAssets } from './assets/sync.ts'
import { build } from './build.ts'
import { writeBuildFiles } from './buildFiles.ts'
import { buildSite, isForeignSite } from './buildSite.ts'
import { createCanister } from './createCanister.ts'
import { initArgument } from './initArgument.ts'
import { installCode, type InstallVerb } from './installCode.ts'
import { declaredSections, prepareModule, type PreparedModule, readFile } from './module.ts'
import { startInTwo } from './postInit/startInTwo.ts'
import { urlLines } from './urls.ts'

export type DeployMode = InstallVerb | 'auto'

export interface DeployOptions {
  readonly mode: DeployMode
  /** Text of the init argument; only with a single canister. */
  readonly argument?: string | undefined
  readonly specifiedId?: string | undefined
  /** Name of the canister in dfx.json, or path of the module, that is put in place first: it has `canister_post_init` only. */
  readonly postInit?: string | undefined
  /** Whether the user has agreed to lose data beforehand. */
  readonly yes: boolean
}

/** What building left for an installation. */
export interface Built {
  readonly module: PreparedModule
  /** Interface, with the types of the init arguments. */
  readonly did?: string
}

/** A canister with the code that it is about to get. */
export interface ReadyCanister {
  readonly target: Target
  /** Its entry in dfx.json, if it has one. */
  readonly config?: CanisterConfig
  readonly built: Built
}

/** Deploys the named canisters, in an order in which each comes after those that it depends on. */
export async function deployCanisters(session: Session, project: Project, names: readonly string[], options: DeployOptions): Promise<void> {
  const { terminal } = session
  const canisters = inDependencyOrder(project, names).filter((canister) => !isRemote(session, canister))
  const steps = createSteps(terminal)
  await createMissing(session, canisters, options)
  for (const canister of canisters) {
    print(terminal, `Building canister '${canister.name}'.`)
    const built = await steps.run(`Building ${canister.name}`, () => buildForInstall(project, canister))
    // The mode is meant for what the user named; what it merely depends on is brought up to date.
    const named = names.includes(canister.name)
    const target = requireTarget(session, canister.name)
    writeBuildFiles({ root: project.root, networkName: session.network.name, name: target.name, id: target.id.toText(), built })
    await installBuilt(
      session,
      { target, config: canister, built },
      named ? options : { ...options, mode: 'auto', argument: undefined, postInit: undefined },
      steps,
    )
  }
  if (project.outputEnvFile !== undefined) {
    writeEnvFile(join(project.root, project.outputEnvFile), { networkName: session.network.name, canisterIds: session.ids.entries() })
  }
  print(terminal, 'Deployed canisters.')
  const deployed = canisters.map((config) => ({ name: config.name, id: session.ids.get(config.name) ?? '', config }))
  for (const line of urlLines(session.network, deployed)) print(terminal, line)
}

/** Builds a canister and makes its module ready to be uploaded. */
export async function buildForInstall(project: Project, canister: CanisterConfig): Promise<Built> {
  const built = isForeignSite(project.root, canister) ? await buildSite(project.root, canister) : await build(project.root, canister.name)
  const did = readFileSync(built.didPath, 'utf8')
  const options = { did, gzip: canister.gzip ?? false, sections: declaredSections(project.root, canister) }
  return { module: prepareModule(readFile(built.wasmPath), options), did }
}

/** Installs what was built and, for a canister that serves files, uploads them. */
export async function installBuilt(
  session: Session,
  { target, config, built }: ReadyCanister,
  options: DeployOptions,
  steps: Steps,
): Promise<void> {
  const { terminal, agent } = session
  const { name, id: canisterId } = target
  const installedHash = await readModuleHash(agent, canisterId)
  const verb = verbFor(name, options.mode, installedHash)
  if (options.mode === 'auto' && installedHash === built.module.hash) print(terminal, `Module hash ${installedHash} is already installed.`)
  else {
    if (verb === 'reinstall' && installedHash !== undefined) await confirmReinstall(session, name, options.yes)
    const arg = initArgument(session.folder, config, options.argument, built.did)
    if (options.postInit === undefined) {
      await steps.run(`Installing ${name}`, () => installCode(agent, { canisterId, verb, module: built.module, arg }))
    } else {
      const { module: first, did } = await firstModule(session, options.postInit)
      const firstArg = initArgument(session.folder, undefined, undefined, did)
      if (verb === 'upgrade') throw alreadyStarted(name)
      await startInTwo(session, { target, first, real: built.module, verb, firstArg, arg }, steps)
    }
    print(terminal, `${done[verb]} code for canister ${name}, with canister ID ${canisterId.toText()}`)
  }
  if (config?.type === 'assets') await uploadFiles(session, config, canisterId, steps)
}

/** The first module of a two-module start: a canister of the project, which is built, or a file. */
async function firstModule({ project, terminal }: Session, given: string): Promise<Built> {
  const config = project?.canisters.get(given)
  if (project !== undefined && config !== undefined) return buildForInstall(project, config)
  return { module: prepareModule(readFile(resolve(terminal.cwd, given))) }
}

function alreadyStarted(name: string): CliError {
  return new CliError({
    what: `Canister ${name} has code already: the first module would replace it and lose its state.`,
    remedy: 'Leave out --post-init to upgrade, or begin anew with --mode reinstall.',
  })
}

/** Folder with files that the local network adds to what a canister serves. */
export function addedAssetsFolder(root: string, name: string): string {
  return join(root, '.tidemark', 'assets', name)
}

const done = { install: 'Installed', reinstall: 'Reinstalled', upgrade: 'Upgraded' } as const

async function uploadFiles(session: Session, canister: CanisterConfig, canisterId: Principal, steps: Steps): Promise<void> {
  const sources = canister.source.map((folder) => join(session.folder, folder))
  const files = scanAssets([...sources, addedAssetsFolder(session.folder, canister.name)])
  const { uploaded } = await steps.run(`Uploading files of ${canister.name}`, () =>
    syncAssets(assetCanister(session.agent, canisterId), files),
  )
  print(
    session.terminal,
    uploaded === 0
      ? `Files of ${canister.name} are up to date.`
      : `Uploaded ${uploaded} contents of ${files.length} files to ${canister.name}.`,
  )
}

async function createMissing(session: Session, canisters: readonly CanisterConfig[], { specifiedId }: DeployOptions): Promise<void> {
  const missing = canisters.filter(({ name }) => session.ids.get(name) === undefined)
  if (missing.length === 0) print(session.terminal, 'All canisters have already been created.')
  for (const canister of missing) {
    const wanted = specifiedId ?? canister.specifiedId
    const id = await createCanister(session, { name: canister.name, settings: canister.initialSettings, specifiedId: wanted })
    print(session.terminal, `${canister.name} canister created with canister id: ${id}`)
  }
}

function verbFor(name: string, mode: DeployMode, installedHash: string | undefined): InstallVerb {
  if (mode === 'auto') return installedHash === undefined ? 'install' : 'upgrade'
  if (mode === 'upgrade' && installedHash === undefined) {
    throw new CliError({ what: `Canister ${name} has no code that could be upgraded.`, remedy: 'Leave out --mode, or use --mode install.' })
  }
  return mode
}

async function confirmReinstall({ terminal }: Session, name: string, yes: boolean): Promise<void> {
  if (yes) return
  terminal.warn(`You are about to reinstall canister ${name}. This will OVERWRITE all the data and code in the canister.`)
  const answer = await terminal.ask('Do you want to proceed? yes/No\n')
  if (/^y(?:es)?$/i.test(answer)) return
  throw new CliError({ what: 'Nothing was changed: the reinstallation was not confirmed.', remedy: 'Answer yes, or pass --yes.' })
}

function isRemote({ network }: Session, canister: CanisterConfig): boolean {
  return canister.remoteIds.has(network.name)
}

function inDependencyOrder(project: Project, names: readonly string[]): CanisterConfig[] {
  const ordered = new Map<string, CanisterConfig>()
  const open = new Set<string>()
  const visit = (name: string) => {
    if (ordered.has(name)) return
    if (open.has(name)) {
      throw new CliError({
        what: `Canisters depend on each other in a circle: ${[...open, name].join(' → ')}.`,
        remedy: 'Take one of the dependencies out of dfx.json.',
      })
    }
    const canister = requireCanister(project, name)
    open.add(name)
    for (const dependency of canister.dependencies) visit(dependency)
    open.delete(name)
    ordered.set(name, canister)
  }
  for (const name of names) visit(name)
  return [...ordered.values()]
}
