// node tools/build/src/main.ts [--root FOLDER] [canister ...]: builds canisters of dfx.json, all of them without names.
import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { buildAll } from './buildAll.ts'
import type { BuildProgress } from './buildCanister.ts'
import { BuildError } from './buildError.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { root: { type: 'string', default: process.cwd() } } })

function show({ canister, step, elapsedMs }: BuildProgress): void {
  process.stdout.write(step === 'started' ? `${canister}: building\n` : `${canister}: ${step} in ${(elapsedMs / 1000).toFixed(2)} s\n`)
}

try {
  const built = await buildAll({ root: values.root, names: positionals.length === 0 ? undefined : positionals, onProgress: show })
  for (const { name, wasmPath, moduleHash } of built) process.stdout.write(`${name}: ${relative(process.cwd(), wasmPath)} sha256 ${moduleHash}\n`)
} catch (error) {
  if (!(error instanceof BuildError)) throw error
  process.stderr.write(`${error.describe()}\n`)
  process.exitCode = 1
}
