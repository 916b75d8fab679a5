import { readFile, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { BuildError } from '../buildError.ts'
import type { Builder } from '../builder.ts'
import { packageFolder, packageVersion } from '../packages.ts'
import { run } from '../run.ts'
import type { AzleSpec } from '../spec.ts'
import { workspaceOf, workspaceSources } from '../workspace.ts'

/** TypeScript canisters, built by Azle in its stable mode. */
export const azleBuilder: Builder<AzleSpec> = {
  async inputs(root, spec) {
    return { files: await workspaceSources(root, workspaceOf(root, spec.main)), versions: { azle: await packageVersion('azle') } }
  },

  // Azle empties and fills `.azle/<name>` below the folder that has dfx.json; it is given one of its own, so that two
  // builds at once do not disturb each other.
  async build({ root, scratch }, spec) {
    const candidPath = join(scratch, `${spec.name}.did`)
    await writeFile(join(scratch, 'dfx.json'), JSON.stringify({ canisters: { [spec.name]: { main: relative(scratch, join(root, spec.main)) } } }))
    const [tsx, azle] = await Promise.all([packageFolder('tsx'), packageFolder('azle')])
    const { code, output } = await run({
      program: process.execPath,
      args: [join(tsx, 'dist', 'cli.mjs'), join(azle, 'src', 'build.ts'), 'build', spec.name],
      cwd: scratch,
      env: { AZLE_DFX_ROOT: scratch, CANISTER_CANDID_PATH: candidPath },
    })
    if (code !== 0) throw azleError(root, scratch, spec, output)
    const [wasm, candid] = await Promise.all([readFile(join(scratch, '.azle', spec.name, `${spec.name}.wasm`)), readFile(candidPath, 'utf8')])
    return { wasm, candid }
  },
}

function azleError(root: string, scratch: string, { name, main }: AzleSpec, output: string): BuildError {
  const found = /^(.+?):(\d+):(\d+): ERROR: (.*)$/m.exec(output)
  if (found === null) return new BuildError(name, output.trim().slice(-2000), `Correct ${main} and run the command again.`, { file: main })
  const [, path = main, line, column, message = ''] = found
  const file = relative(root, resolve(scratch, path))
  return new BuildError(name, message, `Correct ${file} and run the command again.`, { file, line: Number(line), column: Number(column) })
}
