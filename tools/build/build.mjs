// node tools/build/build.mjs [canister ...]: the build as dfx and icp start it, on the host's own Node (20 or later).
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled } from '../run/install.mjs'
import { ensureRuntime, root } from '../run/runtime.mjs'
import { report, runInForeground } from '../run/step.mjs'

async function main(args) {
  const runtime = await ensureRuntime()
  // Whatever is installed is left as it is: a build tool's call is no occasion to change somebody's packages.
  if (!existsSync(join(root, 'node_modules', 'motoko'))) await ensureInstalled({ development: false })
  return runInForeground(
    runtime,
    runtime,
    ['--disable-warning=ExperimentalWarning', join(root, 'tools', 'build', 'src', 'main.ts'), ...args],
    { cwd: root },
  )
}

main(process.argv.slice(2)).then((code) => (process.exitCode = code), report)
