// node tools/build/src/main.ts [--root FOLDER] [--output FILE] [canister ...]: builds canisters of dfx.json, all of them
// without names. With --output, the module of the one canister named is copied there, as icp wants it.
import { copyFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { buildAll } from './buildAll.ts'
import type { BuildProgress } from './buildCanister.ts'
import { BuildError } from './buildError.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { root: { type: 'string', default: process.cwd() }, output: { type: 'string' } },
})

function show({ canister, step, elapsedMs }: BuildProgress): void {
  process.stdout.write(step === 'started' ? `${canister}: building\n` : `${canister}: ${step} in ${(elapsedMs / 1000).toFixed(2)} s\n`)
}

try {
  if (values.output !== undefined && positionals.length !== 1)
    throw new BuildError('', '--output needs the name of one canister.', 'Name one canister.')
  const built = await buildAll({ root: values.root, names: positionals.length === 0 ? undefined : positionals, onProgress: show })
  for (const { name, wasmPath, moduleHash } of built) {
    if (values.output !== undefined) await copyFile(wasmPath, values.output)
    process.stdout.write(`${name}: ${relative(process.cwd(), wasmPath)} sha256 ${moduleHash}\n`)
  }
} catch (error) {
  if (!(error instanceof BuildError)) throw error
  process.stderr.write(`${error.describe()}\n`)
  process.exitCode = 1
}
