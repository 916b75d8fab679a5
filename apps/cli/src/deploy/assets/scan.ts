/** The files that an asset canister is to serve, each with its encodings. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { CliError } from '../../output/cliError.ts'
import { contentTypeOf, isTextLike } from './contentTypes.ts'
import { type AssetProperties, type AssetRule, type EncodingName, propertiesFor, readRules } from './rules.ts'

export interface Encoding {
  /** `identity`, `gzip` or `br`. */
  readonly name: string
  readonly content: Uint8Array
  readonly sha256: Uint8Array
}

export interface LocalAsset {
  /** Path as it is asked for: `/index.html`. */
  readonly key: string
  readonly contentType: string
  readonly encodings: readonly Encoding[]
  readonly properties: AssetProperties
}

/**
 * Every file below the given folders. Files and folders whose name starts with a dot are left out unless a rule says
 * `"ignore": false`.
 *
 * @param sources - absolute folders; those that do not exist are passed over
 * @throws CliError when none exists, or two of them give the same file
 */
export function scanAssets(sources: readonly string[]): LocalAsset[] {
  const present = sources.filter((folder) => existsSync(folder))
  if (present.length === 0) {
    throw new CliError({ what: `None of the asset folders exists: ${sources.join(', ')}.`, remedy: 'Build the front end first.' })
  }
  const assets = new Map<string, LocalAsset>()
  for (const source of present) {
    for (const asset of scanFolder(source, '', [])) {
      if (assets.has(asset.key))
        throw new CliError({ what: `Two asset folders hold ${asset.key}.`, why: `They are: ${present.join(', ')}.` })
      assets.set(asset.key, asset)
    }
  }
  return [...assets.values()]
}

/** An asset from content in memory. */
export function assetOf(key: string, content: Uint8Array, properties: AssetProperties = {}): LocalAsset {
  const contentType = contentTypeOf(key)
  // Wanted forms are made whatever they come to; a form of our own choice must be shorter.
  const encodings = (properties.encodings ?? (isTextLike(contentType) ? ['identity', 'gzip'] : ['identity']))
    .map((name) => encoders[name](content))
    .filter((encoding) => properties.encodings !== undefined || encoding.name === 'identity' || encoding.content.length < content.length)
  return { key, contentType, encodings, properties }
}

const encoders: Record<EncodingName, (content: Uint8Array) => Encoding> = {
  identity: (content) => encodingOf('identity', content),
  gzip: (content) => encodingOf('gzip', new Uint8Array(gzipSync(content, { level: 9 }))),
  brotli: (content) => encodingOf('br', new Uint8Array(brotliCompressSync(content))),
}

function encodingOf(name: string, content: Uint8Array): Encoding {
  return { name, content, sha256: new Uint8Array(createHash('sha256').update(content).digest()) }
}

function scanFolder(source: string, folder: string, inherited: readonly AssetRule[]): LocalAsset[] {
  const rules = [...inherited, ...readRules(source, folder)]
  const entries = readdirSync(join(source, folder), { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry): LocalAsset[] => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (/^\.ic-assets\.json5?$/.test(entry.name)) return []
    const properties = propertiesFor(rules, path)
    if (properties.ignore ?? entry.name.startsWith('.')) return []
    if (entry.isDirectory()) return scanFolder(source, path, rules)
    return entry.isFile() ? [assetOf(`/${path}`, new Uint8Array(readFileSync(join(source, path))), properties)] : []
  })
}
