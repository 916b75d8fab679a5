import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A name that a package exports, and where it is declared. */
export interface PublicName {
  readonly name: string
  readonly file: string
  readonly line: number
  readonly isDocumented: boolean
}

/** Every name that an entry file exports, followed through re-exports to its declaration. */
export function listPublicNames(entry: string): PublicName[] {
  const named = reExports(entry).flatMap(({ names, file }) => names.map((name) => declaration(file, name)))
  const whole = [...readFileSync(entry, 'utf8').matchAll(/^export \* from '(\.[^']+)'/gm)].map(([, source = '']) =>
    join(dirname(entry), source),
  )
  return [...named, ...whole.flatMap(listPublicNames), ...declarations(entry)]
}

const reExportPattern = /^export (?:type )?\{([^}]*)\} from '(\.[^']+)'/gm
const declarationPattern = /^export (?:declare )?(?:abstract )?(?:async )?(function\*?|const|class|interface|type) (\w+)/

function reExports(file: string): { names: string[]; file: string }[] {
  return [...readFileSync(file, 'utf8').matchAll(reExportPattern)].map(([, list = '', source = '']) => ({
    names: list
      .replaceAll(/\/\/.*$/gm, '')
      .split(',')
      .map(
        (part) =>
          part
            .trim()
            .replace(/^type /, '')
            .split(' as ')[0] ?? '',
      )
      .filter((name) => name !== ''),
    file: join(dirname(file), source),
  }))
}

function declaration(file: string, name: string): PublicName {
  const here = existsSync(file) ? declarations(file).find((candidate) => candidate.name === name) : undefined
  if (here !== undefined) return here
  const further = existsSync(file) ? reExports(file).find(({ names }) => names.includes(name)) : undefined
  if (further !== undefined) return declaration(further.file, name)
  return { name, file, line: 0, isDocumented: false }
}

function declarations(file: string): PublicName[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.flatMap((line, index) => {
    const [, kind, name] = declarationPattern.exec(line) ?? []
    if (name === undefined) return []
    return [
      {
        name,
        file,
        line: index + 1,
        isDocumented: isDocumentedAt(lines, index, name) || (isShape(kind) && isSelfExplaining(lines, index)),
      },
    ]
  })
}

/** Whether a docstring ends right above a declaration; its overloads and line comments may stand between. */
function isDocumentedAt(lines: readonly string[], index: number, name: string): boolean {
  let above = index - 1
  while (above >= 0 && ((lines[above] ?? '').startsWith('//') || isOverload(lines[above] ?? '', name))) above -= 1
  return (lines[above] ?? '').trimEnd().endsWith('*/')
}

const isOverload = (line: string, name: string): boolean => line.startsWith(`export function ${name}`) && !line.trimEnd().endsWith('{')
const isShape = (kind: string | undefined): boolean => kind === 'interface' || kind === 'type'

/** Whether a shape needs no docstring of its own: it fits on one line, or documents its parts. */
function isSelfExplaining(lines: readonly string[], index: number): boolean {
  const end = lines.findIndex((line, at) => at > index && (line === '' || line.startsWith('}')))
  const body = lines.slice(index, end === -1 ? undefined : end)
  return body.length === 1 || body.some((line) => line.includes('/**'))
}
