// npm test: every workspace's tests through turbo, then one line with the sum.
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled } from './install.mjs'
import { ensureRuntime, root } from './runtime.mjs'
import { report, runInForeground } from './step.mjs'

const workspaces = ['packages', 'apps', 'canisters']
  .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))
  .concat(join(root, 'tests'), join(root, 'tools', 'build'), join(root, 'tools', 'tidy'))
  .filter((folder) => existsSync(join(folder, 'package.json')))

async function main(args) {
  const runtime = await ensureRuntime()
  await ensureInstalled({ development: true })
  for (const folder of workspaces) rmSync(join(folder, 'test-results.json'), { force: true })
  const turbo = join(root, 'node_modules', '.bin', 'turbo')
  const code = await runInForeground(
    runtime,
    turbo,
    ['run', 'test', '--continue', '--concurrency=2', '--output-logs=errors-only', ...args],
    {
      cwd: root,
      env: { TURBO_TELEMETRY_DISABLED: '1' },
    },
  )
  const { passed, failed, skipped } = sum()
  process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
  return code === 0 && failed === 0 ? 0 : code || 1
}

function sum() {
  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const folder of workspaces) {
    const file = join(folder, 'test-results.json')
    if (!existsSync(file)) continue
    const results = JSON.parse(readFileSync(file, 'utf8'))
    total.passed += results.numPassedTests
    total.failed += results.numFailedTests
    // A file that fails to load runs no test at all, and must still count.
    total.failed += results.testResults.filter((suite) => suite.status === 'failed' && suite.assertionResults.length === 0).length
    total.skipped += results.numPendingTests + results.numTodoTests
  }
  return total
}

main(process.argv.slice(2)).then((code) => (process.exitCode = code), report)
