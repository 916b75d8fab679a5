import { existsSync } from 'node:fs'
import { readFile, readdir, realpath } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'

const notSources: ReadonlySet<string> = new Set(['node_modules', 'dist', 'test', 'coverage', 'test-results.json'])

/**
 * The source files that a build in a workspace folder can depend on: those of the folder itself, of the workspace
 * packages it depends on, and the lock file for all packages from outside.
 *
 * @param root - absolute path of the project
 * @param folder - folder with a `package.json`, relative to `root`
 * @returns paths relative to `root`, sorted
 */
export async function workspaceSources(root: string, folder: string): Promise<readonly string[]> {
  const files = new Set(existsSync(join(root, 'package-lock.json')) ? ['package-lock.json'] : [])
  for (const workspace of await withDependencies(root, folder)) {
    for (const file of await sourceFiles(root, workspace)) files.add(file)
  }
  return [...files].sort()
}

/** The closest folder with a `package.json` at or above a path; both relative to the project root. */
export function workspaceOf(root: string, path: string): string {
  let folder = path
  while (folder !== '.' && !existsSync(join(root, folder, 'package.json'))) folder = dirname(folder)
  return folder
}

/** Every file below a folder except those nothing is built from; relative to `root`, `/` between the parts. */
export async function sourceFiles(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true })
  const nested = await Promise.all(
    entries
      .filter(({ name }) => !notSources.has(name) && !name.startsWith('.') && !name.endsWith('.tsbuildinfo'))
      .map(async (entry) => {
        const path = join(folder, entry.name)
        return entry.isDirectory() ? sourceFiles(root, path) : [path.split(sep).join('/')]
      }),
  )
  return nested.flat().sort()
}

async function withDependencies(root: string, folder: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  const waiting = [folder]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue
    found.add(next)
    for (const name of await dependencyNames(join(root, next, 'package.json'))) {
      const linked = await realpath(join(root, 'node_modules', name)).catch(() => undefined)
      const path = linked === undefined ? undefined : relative(await realpath(root), linked)
      if (path !== undefined && !path.split(sep).includes('node_modules') && !path.startsWith('..')) waiting.push(path)
    }
  }
  return found
}

async function dependencyNames(packageJson: string): Promise<readonly string[]> {
  const content: unknown = JSON.parse(await readFile(packageJson, 'utf8').catch(() => '{}'))
  const dependencies = typeof content === 'object' && content !== null && 'dependencies' in content ? content.dependencies : {}
  return Object.keys(typeof dependencies === 'object' && dependencies !== null ? dependencies : {})
}
