import { existsSync } from 'node:fs'
import { readFile, realpath } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)

/**
 * Folder of an installed npm package, found from here as Node would find it.
 *
 * @throws {Error} when it is not installed
 */
export async function packageFolder(name: string): Promise<string> {
  const folder = (require.resolve.paths(name) ?? []).map((base) => join(base, name)).find((path) => existsSync(join(path, 'package.json')))
  if (folder === undefined) throw new Error(`The package ${name} is not installed: run \`npm install\` in the project.`)
  return realpath(folder)
}

/** Version of an installed npm package. */
export async function packageVersion(name: string): Promise<string> {
  const content: unknown = JSON.parse(await readFile(join(await packageFolder(name), 'package.json'), 'utf8'))
  return typeof content === 'object' && content !== null && 'version' in content ? String(content.version) : ''
}
