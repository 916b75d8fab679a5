/** Reads dfx.json: the canisters of a project and the networks that it knows. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { CliError, messageOf } from '../output/cliError.ts'
import { Fields } from './fields.ts'
import { readInitializationValues, type WantedSettings } from './settings.ts'

export interface MetadataSection {
  readonly name: string
  readonly isPublic: boolean
  /** File with the content, from the project's folder; `content` wins. */
  readonly path?: string
  readonly content?: string
}

export interface CanisterConfig {
  readonly name: string
  /** `motoko`, `custom`, `assets`, `azle`, `rust`, `pull` or whatever else the file says. */
  readonly type: string
  readonly main?: string
  readonly wasm?: string
  readonly candid?: string
  readonly build: readonly string[]
  readonly source: readonly string[]
  readonly dependencies: readonly string[]
  readonly initArg?: string
  readonly initArgFile?: string
  readonly specifiedId?: string
  readonly gzip?: boolean
  readonly hasFrontend: boolean
  readonly metadata: readonly MetadataSection[]
  readonly initialSettings: WantedSettings
  /** Ids on networks where somebody else keeps the canister. */
  readonly remoteIds: ReadonlyMap<string, string>
}

export interface NetworkConfig {
  readonly bind?: string
  readonly providers: readonly string[]
  readonly persistent?: boolean
}

export interface Project {
  /** Folder of dfx.json. */
  readonly root: string
  readonly canisters: ReadonlyMap<string, CanisterConfig>
  readonly networks: ReadonlyMap<string, NetworkConfig>
  readonly outputEnvFile?: string
}

/** The project that a folder belongs to: the nearest dfx.json at or above it. @throws CliError when the file is broken */
export function findProject(folder: string): Project | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const file = join(at, 'dfx.json')
    if (existsSync(file)) return readProject(file)
    if (dirname(at) === at) return undefined
  }
}

/** Like {@link findProject}. @throws CliError when there is no dfx.json */
export function requireProject(folder: string): Project {
  const project = findProject(folder)
  if (project !== undefined) return project
  throw new CliError({
    what: `There is no dfx.json in ${resolve(folder)} or any folder above it.`,
    remedy: 'Change to a project folder, or write a dfx.json that lists its canisters.',
  })
}

/** @throws CliError when the file is no JSON or a field has a wrong type */
export function readProject(file: string): Project {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new CliError({ what: `${file} cannot be read.`, why: messageOf(error), remedy: 'Mend the file; it must be JSON.' })
  }
  const fields = new Fields(file, '', content)
  const canisters = fields.object('canisters')
  const networks = fields.object('networks')
  const outputEnvFile = fields.text('output_env_file')
  return {
    root: dirname(file),
    canisters: new Map(canisters?.names().map((name) => [name, readCanister(name, canisters.object(name) ?? missing(file, name))])),
    networks: new Map(networks?.names().map((name) => [name, readNetwork(networks.object(name) ?? missing(file, name))])),
    ...(outputEnvFile === undefined ? {} : { outputEnvFile }),
  }
}

/** The canister of a name. @throws CliError naming those there are */
export function requireCanister(project: Project, name: string): CanisterConfig {
  const canister = project.canisters.get(name)
  if (canister !== undefined) return canister
  throw new CliError({
    what: `There is no canister "${name}" in ${join(project.root, 'dfx.json')}.`,
    why: `It lists: ${[...project.canisters.keys()].join(', ') || 'none'}.`,
  })
}

function readCanister(name: string, fields: Fields): CanisterConfig {
  const remote = fields.object('remote')?.object('id')
  const initial = fields.object('initialization_values')
  const main = fields.text('main')
  const wasm = fields.text('wasm')
  const candid = fields.text('candid')
  const initArg = fields.text('init_arg')
  const initArgFile = fields.text('init_arg_file')
  const specifiedId = fields.text('specified_id')
  const gzip = fields.flag('gzip')
  return {
    name,
    type: fields.text('type') ?? 'motoko',
    ...(main === undefined ? {} : { main }),
    ...(wasm === undefined ? {} : { wasm }),
    ...(candid === undefined ? {} : { candid }),
    build: fields.texts('build'),
    source: fields.texts('source'),
    dependencies: fields.texts('dependencies'),
    ...(initArg === undefined ? {} : { initArg }),
    ...(initArgFile === undefined ? {} : { initArgFile }),
    ...(specifiedId === undefined ? {} : { specifiedId }),
    ...(gzip === undefined ? {} : { gzip }),
    hasFrontend: fields.raw('frontend') !== undefined,
    metadata: fields.objects('metadata').map(readMetadata),
    initialSettings: initial === undefined ? {} : readInitializationValues(initial),
    remoteIds: new Map(remote?.names().map((network) => [network, remote.text(network) ?? ''])),
  }
}

function readMetadata(fields: Fields): MetadataSection {
  const path = fields.text('path')
  const content = fields.text('content')
  return {
    name: fields.text('name') ?? '',
    isPublic: fields.text('visibility') !== 'private',
    ...(path === undefined ? {} : { path }),
    ...(content === undefined ? {} : { content }),
  }
}

function readNetwork(fields: Fields): NetworkConfig {
  const bind = fields.text('bind')
  const type = fields.text('type')
  return {
    ...(bind === undefined ? {} : { bind }),
    providers: fields.texts('providers'),
    ...(type === undefined ? {} : { persistent: type === 'persistent' }),
  }
}

function missing(file: string, name: string): never {
  throw new CliError({ what: `${file}: ${name} must be an object.` })
}
