/** How files of a folder are served: `.ic-assets.json5` or `.ic-assets.json`, one per folder. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CliError, messageOf } from '../../output/cliError.ts'
import { Fields } from '../../project/fields.ts'
import { matchesPattern } from './globs.ts'
import { parseJson5 } from './json5.ts'
import { isSecurityPolicy, type SecurityPolicy, withPolicy } from './securityPolicy.ts'

export interface AssetProperties {
  readonly ignore?: boolean
  readonly maxAgeSeconds?: bigint
  readonly headers?: HeaderList
  readonly enableAliasing?: boolean
  readonly allowRawAccess?: boolean
  /** In which forms the file is uploaded; chosen by its type when left out. */
  readonly encodings?: readonly EncodingName[]
}

export type HeaderList = readonly (readonly [name: string, value: string])[]

/** As rules name them; brotli goes over the wire as `br`. */
export type EncodingName = 'identity' | 'gzip' | 'brotli'

const encodingNames: readonly string[] = ['identity', 'gzip', 'brotli'] satisfies EncodingName[]
const knownFields = new Set([
  'match',
  'cache',
  'headers',
  'ignore',
  'enable_aliasing',
  'allow_raw_access',
  'encodings',
  'security_policy',
  'disable_security_policy_warning',
])

export interface AssetRule extends Omit<AssetProperties, 'headers'> {
  /** `null` takes away what earlier rules set. */
  readonly headers?: HeaderList | null
  readonly securityPolicy?: SecurityPolicy
  /** Folder of the file that the rule stands in, relative to the source; `''` for the source itself. */
  readonly folder: string
  readonly match: string
}

/** Rules of one folder; none when it has no rules file. @throws CliError when the file cannot be read */
export function readRules(source: string, folder: string): AssetRule[] {
  const [file, other] = ['.ic-assets.json5', '.ic-assets.json'].map((name) => join(source, folder, name)).filter((each) => existsSync(each))
  if (file === undefined) return []
  if (other !== undefined)
    throw new CliError({ what: `${join(source, folder)} has two files of asset rules.`, remedy: `Keep ${file} or ${other}, not both.` })
  let content: unknown
  try {
    content = parseJson5(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new CliError({ what: `${file} cannot be read.`, why: messageOf(error), remedy: 'It must be a JSON5 list of rules.' })
  }
  return new Fields(file, '', { rules: content })
    .objects('rules')
    .map((fields) => ({ folder, match: matchOf(fields, file), ...readRule(fields, file) }))
}

/** What all rules together say of a file; a later rule wins field by field, headers are added up. */
export function propertiesFor(rules: readonly AssetRule[], file: string): AssetProperties {
  let result: AssetProperties = {}
  let headers: HeaderList | undefined
  let policy: SecurityPolicy | undefined
  for (const { folder, match, headers: added, securityPolicy, ...properties } of rules) {
    const within = folder === '' ? file : file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : undefined
    if (within === undefined || !matchesPattern(within, match)) continue
    if (added === null) headers = undefined
    else if (added !== undefined) headers = lastOfEach([...(headers ?? []), ...added])
    policy = securityPolicy ?? policy
    result = { ...result, ...properties }
  }
  const all = withPolicy(headers, policy)
  return all === undefined ? result : { ...result, headers: all }
}

function lastOfEach(headers: HeaderList): HeaderList {
  return [...new Map(headers.map((header) => [header[0].toLowerCase(), header])).values()]
}

function matchOf(fields: Fields, file: string): string {
  const match = fields.text('match')
  if (match === undefined) throw new CliError({ what: `${file}: every rule needs a "match".` })
  return match
}

function readRule(fields: Fields, file: string): Omit<AssetRule, 'folder' | 'match'> {
  const unknown = fields.names().find((name) => !knownFields.has(name))
  if (unknown !== undefined) throw new CliError({ what: `${file}: a rule has no field "${unknown}".` })
  const encodings = fields.raw('encodings') === undefined ? undefined : fields.texts('encodings')
  const wrong = encodings?.find((name) => !encodingNames.includes(name))
  if (wrong !== undefined)
    throw new CliError({ what: `${file}: "${wrong}" is no encoding.`, remedy: `Known are ${encodingNames.join(', ')}.` })
  const policy = fields.text('security_policy')
  if (policy !== undefined && !isSecurityPolicy(policy)) {
    throw new CliError({ what: `${file}: "${policy}" is no security policy.`, remedy: 'Known are disabled, standard and hardened.' })
  }
  return {
    ...readProperties(fields),
    ...(encodings === undefined ? {} : { encodings: encodings as EncodingName[] }),
    ...(policy === undefined ? {} : { securityPolicy: policy }),
  }
}

function readProperties(fields: Fields): Omit<AssetRule, 'folder' | 'match'> {
  const ignore = fields.flag('ignore')
  const enableAliasing = fields.flag('enable_aliasing')
  const allowRawAccess = fields.flag('allow_raw_access')
  const maxAge = fields.object('cache')?.raw('max_age')
  const headers = fields.isNull('headers') ? null : fields.object('headers')
  return {
    ...(ignore === undefined ? {} : { ignore }),
    ...(enableAliasing === undefined ? {} : { enableAliasing }),
    ...(allowRawAccess === undefined ? {} : { allowRawAccess }),
    ...(typeof maxAge === 'number' && Number.isSafeInteger(maxAge) ? { maxAgeSeconds: BigInt(maxAge) } : {}),
    ...(headers === undefined ? {} : { headers: headers?.names().map((name) => [name, headers.text(name) ?? ''] as const) ?? null }),
  }
}
