// node tools/build/build.mjs [canister ...]: the build as dfx and icp start it, on the host's own Node (20 or later).
import { join } from 'node:path'
import { ensureInstalled } from '../run/install.mjs'
import { ensureRuntime, root } from '../run/runtime.mjs'
import { report, runInForeground } from '../run/step.mjs'

async function main(args) {
  const runtime = await ensureRuntime()
  await ensureInstalled({ development: false })
  return runInForeground(runtime, runtime, ['--disable-warning=ExperimentalWarning', join(root, 'tools', 'build', 'src', 'main.ts'), ...args], { cwd: root })
}

main(process.argv.slice(2)).then((code) => (process.exitCode = code), report)
