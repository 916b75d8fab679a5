import { readFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'

/** A package of `mops.toml` that lies in a folder of the project. */
export interface LocalPackage {
  readonly name: string
  /** Folder of the package's sources, relative to the project root. */
  readonly folder: string
}

/** The sources of one program: path relative to the project root, to text. */
export type MotokoSources = ReadonlyMap<string, string>

/**
 * Reads a program and everything of the project it imports. Imports of bundled packages and of canisters are the
 * compiler's business; a file that is not there is left out, so that the compiler reports it with its position.
 *
 * @param root - absolute path of the project
 * @param main - path of the program, relative to `root`
 */
export async function readMotokoSources(root: string, main: string, packages: readonly LocalPackage[]): Promise<MotokoSources> {
  const found = new Map<string, string>()
  const waiting = [posix.normalize(main)]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue
    const text = await readFile(join(root, path), 'utf8').catch(() => undefined)
    if (text === undefined) continue
    found.set(path, text)
    for (const imported of importsOf(text)) waiting.push(...candidates(path, imported, packages))
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The targets of a program's imports, comments left out. */
export function importsOf(text: string): readonly string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
  return [...code.matchAll(/(?:^|;)\s*import\s+[^"]*?"([^"\n]+)"/gm)].flatMap((match) => match[1] ?? [])
}

function candidates(from: string, imported: string, packages: readonly LocalPackage[]): readonly string[] {
  const path = locate(from, imported, packages)
  return path === undefined ? [] : [`${path}.mo`, posix.join(path, 'lib.mo')]
}

function locate(from: string, imported: string, packages: readonly LocalPackage[]): string | undefined {
  const inPackage = /^mo:([^/]+)(?:\/(.*))?$/.exec(imported)
  if (inPackage === null) return /^[a-z-]+:/.test(imported) ? undefined : posix.normalize(posix.join(dirname(from), imported))
  const found = packages.find(({ name }) => name === inPackage[1])
  return found === undefined ? undefined : posix.join(found.folder, inPackage[2] ?? '')
}

/** The packages of a `mops.toml` that are folders of the project: `name = "./path"` under `[dependencies]`. */
export function parseLocalPackages(mopsToml: string): readonly LocalPackage[] {
  const section = /^\[dependencies\]\s*$([\s\S]*?)(?=^\[|$(?![\s\S]))/m.exec(mopsToml)?.[1] ?? ''
  return [...section.matchAll(/^\s*"?([\w-]+)"?\s*=\s*"(\.{1,2}\/[^"]*)"/gm)].flatMap(([, name, path]) =>
    name === undefined || path === undefined ? [] : [{ name, folder: posix.join(path, 'src') }],
  )
}
