/** Puts the built project on a local network and connects its parts. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Actor } from '@dfinity/agent'
import { Principal } from '@dfinity/principal'
import { monitor as monitorBinding, type MonitorService } from '@tidemark/bindings'
import { createCanister, updateSettings } from '../deploy/createCanister.ts'
import { scanAssets } from '../deploy/assets/scan.ts'
import { assetCanister, syncAssets } from '../deploy/assets/sync.ts'
import { addedAssetsFolder, type Built } from '../deploy/deployCanisters.ts'
import { initArgument } from '../deploy/initArgument.ts'
import { installCode } from '../deploy/installCode.ts'
import { readModuleHash } from '../network/canisterState.ts'
import { CliError, messageOf } from '../output/cliError.ts'
import type { Steps } from '../output/steps.ts'
import { type Project, requireCanister } from '../project/dfxJson.ts'
import { writeRemedy } from '../project/files.ts'
import type { Session } from '../session.ts'
import { hookNames, type Role, roleNames } from './roles.ts'

/** The monitor polls every second, anyone may look, and the first to log in may take control. */
const monitorArgument = '(opt record { interval_seconds = opt (1 : nat32); local_claim = opt true; visibility = opt variant { public } })'

/**
 * Order matters: settings before code, so that the hook's limits hold from the first instruction; the monitor before
 * the hooks, and the dashboard after them, so that both see the first heartbeats.
 *
 * On a network that goes on from before, what is there stays as it is: code is brought up to date, and nothing else.
 */
export async function deployStack(session: Session, project: Project, built: ReadonlyMap<Role, Built>, steps: Steps): Promise<void> {
  const ids = await steps.run('Creating canisters', () => createAll(session, project))
  const installed = await installedModules(session, ids)
  const install = async (name: Role, argument?: string): Promise<void> => {
    const code = partOf(built, name)
    const before = installed.get(name)
    if (before === code.module.hash) return
    const arg = initArgument(session.folder, requireCanister(project, name), argument, code.did)
    const installation = { canisterId: partOf(ids, name), module: code.module, arg }
    if (before === undefined) await steps.run(`Installing ${name}`, () => installCode(session.agent, { ...installation, verb: 'install' }))
    else await steps.run(`Upgrading ${name}`, () => installCode(session.agent, { ...installation, verb: 'upgrade' }))
  }
  if (!installed.has('monitor')) await steps.run('Connecting canisters', () => connectParts(session, ids))
  await install('monitor', monitorArgument)
  const freshHooks = hookNames.filter((name) => !installed.has(name))
  await steps.run('Registering canisters', () => registerHooks(session, ids, freshHooks))
  for (const name of hookNames) await install(name)
  await install('dashboard')
  writeAddedFiles(session, project, built)
  await steps.run('Uploading the dashboard', () => uploadDashboard(session, project, partOf(ids, 'dashboard')))
}

/** Hashes of the modules that are there, in hexadecimal. */
async function installedModules({ agent }: Session, ids: ReadonlyMap<Role, Principal>): Promise<ReadonlyMap<Role, string>> {
  const hashes = await Promise.all([...ids].map(async ([name, id]) => [name, await readModuleHash(agent, id)] as const))
  return new Map(hashes.flatMap(([name, hash]) => (hash === undefined ? [] : [[name, hash] as const])))
}

async function createAll(session: Session, project: Project): Promise<ReadonlyMap<Role, Principal>> {
  const ids = new Map<Role, Principal>()
  for (const name of ['low_wasm_memory_hook', 'low_wasm_memory_hook_wasm', 'monitor', 'dashboard'] as const) {
    const { initialSettings, specifiedId } = requireCanister(project, name)
    const known = session.ids.get(name)
    if (known !== undefined) ids.set(name, Principal.fromText(known))
    else ids.set(name, Principal.fromText(await createCanister(session, { name, settings: initialSettings, specifiedId })))
  }
  return ids
}

/** The monitor becomes a controller of what it watches and of itself, so that it can hand control on; all learn all ids. */
async function connectParts(session: Session, ids: ReadonlyMap<Role, Principal>): Promise<void> {
  const self = session.identity.getPrincipal()
  const environmentVariables = [...ids].map(([name, id]) => ({ name: `PUBLIC_CANISTER_ID:${name}`, value: id.toText() }))
  for (const name of roleNames) {
    const controllers = name === 'dashboard' ? [self] : [self, partOf(ids, 'monitor')]
    await updateSettings(session, partOf(ids, name), { controllers, environmentVariables })
  }
}

async function registerHooks({ agent }: Session, ids: ReadonlyMap<Role, Principal>, names: readonly Role[]): Promise<void> {
  const monitor = Actor.createActor<MonitorService>(monitorBinding.idlFactory, { agent, canisterId: partOf(ids, 'monitor') })
  for (const name of names) {
    const result = await monitor.register(partOf(ids, name))
    if ('Err' in result) throw new CliError({ what: `The monitor does not take ${name}.`, why: result.Err })
  }
}

/** Files that the dashboard reads beside its own: the ids of its canisters, and the modules that it can reinstall. */
function writeAddedFiles({ folder, ids, network }: Session, project: Project, built: ReadonlyMap<Role, Built>): void {
  const target = addedAssetsFolder(project.root, 'dashboard')
  const content = Object.fromEntries(ids.entries().map(([name, id]) => [name, { [network.name]: id }]))
  try {
    mkdirSync(join(target, 'modules'), { recursive: true })
    writeFileSync(join(target, 'canister_ids.json'), `${JSON.stringify(content, null, 2)}\n`)
    for (const name of hookNames) writeFileSync(join(target, 'modules', `${name}.wasm`), partOf(built, name).module.bytes)
  } catch (error) {
    throw new CliError({
      what: `Files for the dashboard cannot be written to ${folder}.`,
      why: messageOf(error),
      remedy: writeRemedy(error),
    })
  }
}

async function uploadDashboard({ agent }: Session, project: Project, canisterId: Principal): Promise<void> {
  const { source } = requireCanister(project, 'dashboard')
  const folders = [...source.map((folder) => join(project.root, folder)), addedAssetsFolder(project.root, 'dashboard')]
  await syncAssets(assetCanister(agent, canisterId), scanAssets(folders))
}

function partOf<T>(parts: ReadonlyMap<Role, T>, name: Role): T {
  const part = parts.get(name)
  if (part === undefined) throw new CliError({ what: `The full stack has no ${name}.` })
  return part
}
