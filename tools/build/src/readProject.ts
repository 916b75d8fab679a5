import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BuildError } from './buildError.ts'
import type { CanisterSpec } from './spec.ts'

/** The canisters of a project in the order of `dfx.json`. */
export interface Project {
  /** Absolute path of the folder that has `dfx.json`. */
  readonly root: string
  readonly canisters: ReadonlyMap<string, CanisterSpec>
}

/**
 * Reads the canisters of the `dfx.json` in a folder.
 *
 * @throws {BuildError} when the file is missing or not what dfx would accept
 */
export async function readProject(root: string): Promise<Project> {
  const path = join(root, 'dfx.json')
  const content = await readFile(path, 'utf8').catch(() => {
    throw new BuildError('', `There is no dfx.json in ${root}.`, 'Run the command in the root folder of a project.')
  })
  return { root, canisters: parseCanisters(parseJson(content)) }
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw invalid('', error instanceof Error ? error.message : String(error))
  }
}

/**
 * Takes the canisters out of the content of a `dfx.json`.
 *
 * @throws {BuildError} naming the canister and the field that is wrong
 */
export function parseCanisters(content: unknown): ReadonlyMap<string, CanisterSpec> {
  const canisters = isObject(content) ? (content['canisters'] ?? {}) : undefined
  if (!isObject(canisters)) throw invalid('', '`canisters` must be an object.')
  return new Map(Object.entries(canisters).map(([name, entry]) => [name, parseCanister(name, entry)]))
}

type Fields = Readonly<Record<string, unknown>>

function parseCanister(name: string, entry: unknown): CanisterSpec {
  if (!isObject(entry)) throw invalid(name, 'The entry must be an object.')
  const type = entry['type'] ?? 'motoko'
  const common = { name, dependencies: strings(name, entry, 'dependencies'), gzip: entry['gzip'] === true }
  if (type === 'motoko')
    return { ...common, kind: 'motoko', main: text(name, entry, 'main'), args: words(optionalText(name, entry, 'args')) }
  if (type === 'assets')
    return { ...common, kind: 'assets', sources: strings(name, entry, 'source'), commands: strings(name, entry, 'build') }
  if (type === 'azle') return { ...common, kind: 'azle', main: text(name, entry, 'main'), candid: optionalText(name, entry, 'candid') }
  if (type !== 'custom') throw invalid(name, `Canisters of type ${JSON.stringify(type)} cannot be built here.`)
  const main = optionalText(name, entry, 'main')
  const candid = text(name, entry, 'candid')
  if (main?.endsWith('.wat')) return { ...common, kind: 'wat', main, candid }
  if (main !== undefined && /\.[jt]s$/.test(main)) return { ...common, kind: 'azle', main, candid }
  return { ...common, kind: 'command', wasm: text(name, entry, 'wasm'), candid, commands: strings(name, entry, 'build') }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(name: string, entry: Fields, field: string): string {
  const value = optionalText(name, entry, field)
  if (value === undefined) throw invalid(name, `\`${field}\` is missing.`)
  return value
}

function optionalText(name: string, entry: Fields, field: string): string | undefined {
  const value = entry[field] ?? undefined
  if (value !== undefined && typeof value !== 'string') throw invalid(name, `\`${field}\` must be a string.`)
  return value
}

/** dfx takes one string where it takes a list of them. */
function strings(name: string, entry: Fields, field: string): readonly string[] {
  const value = entry[field] ?? []
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  return list.map((item) => {
    if (typeof item !== 'string') throw invalid(name, `\`${field}\` must be a list of strings.`)
    return item
  })
}

function words(value: string | undefined): readonly string[] {
  return (value ?? '').split(/\s+/).filter((word) => word !== '')
}

function invalid(name: string, message: string): BuildError {
  const where = name === '' ? 'dfx.json' : `dfx.json, canister \`${name}\``
  return new BuildError(name, `${where}: ${message}`, 'Correct dfx.json and run the command again.', { file: 'dfx.json' })
}
