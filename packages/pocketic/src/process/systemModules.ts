/** The modules of the system canisters, from the checkout that this program is part of: built there when they are needed. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const builder = join('tools', 'build', 'src', 'main.ts')
const built = new Map<string, Promise<ReadonlyMap<string, Uint8Array>>>()

/**
 * In a process of its own, which leaves this one free to answer. What was built once is taken as it is.
 *
 * @throws Error when one does not build
 */
export async function buildSystemModules(names: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const key = names.join(' ')
  const known = built.get(key)
  if (known !== undefined) return known
  const building = build(names)
  built.set(key, building)
  // The next instance tries again.
  building.catch(() => built.delete(key))
  return building
}

async function build(names: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const root = checkout()
  const args = [...process.execArgv, join(root, builder), '--root', root, ...names]
  const { stdout } = await execute(process.execPath, args, { cwd: root, env: environment() })
  const modules = new Map<string, Uint8Array>()
  for (const [, name = '', path = ''] of stdout.matchAll(/^(\S+): (.+) sha256 [0-9a-f]{64}$/gm)) {
    modules.set(name, new Uint8Array(await readFile(join(root, path))))
  }
  return modules
}

/** The environment of the clients that started this program, whose flags for Node are their own. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = process.env
  return rest
}

/** The program also runs as one file from a folder of kept files, which is in the same checkout: only its own path tells where. */
function checkout(): string {
  for (let folder = dirname(process.argv[1] ?? ''); ; folder = dirname(folder)) {
    if (existsSync(join(folder, builder))) return folder
    if (folder === dirname(folder)) throw new Error('the sources of the system canisters are not there')
  }
}
