#!/usr/bin/env node
// Runs the tidemark command from this checkout on the right Node: node tools/run/tidemark.mjs <arguments>
import { join } from 'node:path'
import { ensureInstalled } from './install.mjs'
import { ensureRuntime, nodeFlags, root } from './runtime.mjs'
import { report, runInForeground } from './step.mjs'

/**
 * @param {string[]} args - arguments of the tidemark command
 * @returns {Promise<number>} its exit code
 */
export async function tidemark(args) {
  const runtime = await ensureRuntime()
  await ensureInstalled({ development: false })
  const main = join(root, 'apps', 'cli', 'src', 'main.ts')
  return runInForeground(runtime, runtime, [...nodeFlags, main, ...args], { cwd: process.cwd() })
}

if (process.argv[1] !== undefined && import.meta.filename === process.argv[1]) {
  tidemark(process.argv.slice(2)).then((code) => (process.exitCode = code), report)
}
