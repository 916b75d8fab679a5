/** How files of a folder are served: `.ic-assets.json5` or `.ic-assets.json`, one per folder. */
import { existsSync, readFileSync } from 'node:fs'
import { join, matchesGlob } from 'node:path'
import { CliError, messageOf } from '../../output/cliError.ts'
import { Fields } from '../../project/fields.ts'
import { parseJson5 } from './json5.ts'

export interface AssetProperties {
  readonly ignore?: boolean
  readonly maxAgeSeconds?: bigint
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly enableAliasing?: boolean
  readonly allowRawAccess?: boolean
}

export interface AssetRule extends AssetProperties {
  /** Folder of the file that the rule stands in, relative to the source; `''` for the source itself. */
  readonly folder: string
  readonly match: string
}

/** Rules of one folder; none when it has no rules file. @throws CliError when the file cannot be read */
export function readRules(source: string, folder: string): AssetRule[] {
  const file = ['.ic-assets.json5', '.ic-assets.json'].map((name) => join(source, folder, name)).find((each) => existsSync(each))
  if (file === undefined) return []
  let content: unknown
  try {
    content = parseJson5(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new CliError({ what: `${file} cannot be read.`, why: messageOf(error), remedy: 'It must be a JSON5 list of rules.' })
  }
  return new Fields(file, '', { rules: content })
    .objects('rules')
    .map((fields) => ({ folder, match: fields.text('match') ?? '**/*', ...readProperties(fields) }))
}

/** What all rules together say of a file; a later rule wins field by field, headers are added up. */
export function propertiesFor(rules: readonly AssetRule[], file: string): AssetProperties {
  let result: AssetProperties = {}
  for (const { folder, match, ...properties } of rules) {
    const within = folder === '' ? file : file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : undefined
    if (within === undefined || !matches(within, match)) continue
    const headers = properties.headers === undefined ? result.headers : [...(result.headers ?? []), ...properties.headers]
    result = { ...result, ...properties, ...(headers === undefined ? {} : { headers: lastOfEach(headers) }) }
  }
  return result
}

/** A pattern without a slash means files of that name in any folder below. */
function matches(file: string, pattern: string): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1)
  if (!pattern.includes('/')) return matchesGlob(name, pattern)
  return matchesGlob(file, pattern) || (pattern.startsWith('**/') && matchesGlob(name, pattern.slice(3)))
}

function lastOfEach(headers: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  return [...new Map(headers.map((header) => [header[0].toLowerCase(), header])).values()]
}

function readProperties(fields: Fields): AssetProperties {
  const ignore = fields.flag('ignore')
  const enableAliasing = fields.flag('enable_aliasing')
  const allowRawAccess = fields.flag('allow_raw_access')
  const maxAge = fields.object('cache')?.raw('max_age')
  const headers = fields.object('headers')
  return {
    ...(ignore === undefined ? {} : { ignore }),
    ...(enableAliasing === undefined ? {} : { enableAliasing }),
    ...(allowRawAccess === undefined ? {} : { allowRawAccess }),
    ...(typeof maxAge === 'number' && Number.isSafeInteger(maxAge) ? { maxAgeSeconds: BigInt(maxAge) } : {}),
    ...(headers === undefined ? {} : { headers: headers.names().map((name) => [name, headers.text(name) ?? ''] as const) }),
  }
}
