// Runs one of the project's tasks on the right Node, installing what is missing first.
import { join } from 'node:path'
import { ensureInstalled } from './install.mjs'
import { ensureRuntime, nodeFlags, root } from './runtime.mjs'
import { report, runInForeground } from './step.mjs'

const bin = (name) => join(root, 'node_modules', '.bin', name)
const tasks = {
  check: [
    [bin('tsc'), '-b'],
    [bin('oxlint'), '--type-aware'],
    [bin('oxfmt'), '--check', '.'],
    ['node', 'tools/build/src/formatMotoko.ts', '--check'],
    [bin('knip')],
  ],
  format: [
    [bin('oxfmt'), '.'],
    ['node', 'tools/build/src/formatMotoko.ts'],
  ],
  bindings: [['node', 'packages/bindings/generate.ts']],
  bench: [['node', ...nodeFlags, 'tests/bench/main.ts']],
}

async function main([name, ...rest]) {
  const runtime = await ensureRuntime()
  await ensureInstalled({ development: true })
  const commands = tasks[name] ?? [[bin(name)]]
  for (const [command, ...args] of commands) {
    const program = command === 'node' ? runtime : command
    const code = await runInForeground(runtime, program, [...args, ...rest], { cwd: root, env: { TURBO_TELEMETRY_DISABLED: '1' } })
    if (code !== 0) return code
  }
  return 0
}

main(process.argv.slice(2)).then((code) => (process.exitCode = code), report)
