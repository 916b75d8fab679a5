/** Pages that a Motoko program carries: built by Vite, and given to the compiler as a module. */
import { createHash } from 'node:crypto'
import { readFile, readdir, stat } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { BuildError } from '../buildError.ts'
import type { BuildPlace } from '../builder.ts'
import { run } from '../run.ts'
import type { PageSpec } from '../spec.ts'
import { sourceFiles } from '../workspace.ts'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  // Files under `.well-known` have no ending.
  '': 'application/json',
}

/** The files that a page is made from, relative to the root. */
export async function pageSources(root: string, { sources }: PageSpec): Promise<readonly string[]> {
  const files = await Promise.all(
    sources.map(async (path) => ((await stat(join(root, path))).isDirectory() ? sourceFiles(root, path) : [path])),
  )
  return files.flat()
}

/**
 * Builds a page and writes it as a Motoko module: `files`, each with path, content type, content and SHA-256.
 *
 * @throws {BuildError} with the last words of the build
 */
export async function buildPage({ root, scratch }: BuildPlace, name: string, { workspace, config }: PageSpec): Promise<string> {
  const folder = join(scratch, 'page')
  const { code, output } = await run({
    program: 'npx',
    args: ['vite', 'build', '--config', config, '--outDir', folder, '--emptyOutDir'],
    cwd: join(root, workspace),
  })
  if (code !== 0) throw new BuildError(name, `The page does not build.\n${output.trim().slice(-4000)}`, `Mend it in ${workspace}.`)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)))
  const files = await Promise.all(paths.sort().map((path) => record(folder, path)))
  return [
    'module {',
    '  public type File = { path : Text; contentType : Text; content : Blob; sha256 : Blob };',
    `  public let files : [File] = [\n${files.join(',\n')}\n  ];`,
    '};',
    '',
  ].join('\n')
}

async function record(folder: string, path: string): Promise<string> {
  const content = await readFile(join(folder, path))
  const contentType = contentTypes[extname(path)] ?? 'application/octet-stream'
  const sha256 = createHash('sha256').update(content).digest()
  const urlPath = `/${path.split(sep).join('/')}`
  return `    { path = "${urlPath}"; contentType = "${contentType}"; content = ${blob(content)}; sha256 = ${blob(sha256)} }`
}

/** A blob literal. */
function blob(bytes: Uint8Array): string {
  return `"${Array.from(bytes, (byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')}"`
}
