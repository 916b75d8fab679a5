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
    const files = await workspaceSources(root, workspaceOf(root, spec.main))
    return { files: spec.candid === undefined ? files : [...files, spec.candid], versions: { azle: await packageVersion('azle') } }
  },

  // Azle empties and fills `.azle/<name>` below the folder that has dfx.json; it is given one of its own, so that two
  // builds at once do not disturb each other.
  async build({ root, scratch }, spec) {
    const candidPath = join(scratch, `${spec.name}.did`)
    await writeFile(
      join(scratch, 'dfx.json'),
      JSON.stringify({ canisters: { [spec.name]: { main: relative(scratch, join(root, spec.main)) } } }),
    )
    const [tsx, azle] = await Promise.all([packageFolder('tsx'), packageFolder('azle')])
    const { code, output } = await run({
      program: process.execPath,
      args: [join(tsx, 'dist', 'cli.mjs'), join(azle, 'src', 'build.ts'), 'build', spec.name],
      cwd: scratch,
      env: { AZLE_DFX_ROOT: scratch, CANISTER_CANDID_PATH: candidPath },
    })
    if (code !== 0) throw azleError(root, scratch, spec, output)
    const wasm = await readFile(join(scratch, '.azle', spec.name, `${spec.name}.wasm`))
    const servedCandid = await readFile(candidPath, 'utf8')
    return { wasm, candid: (await declaredCandid(root, spec)) ?? servedCandid, servedCandid }
  },
}

async function declaredCandid(root: string, { name, candid }: AzleSpec): Promise<string | undefined> {
  if (candid === undefined) return undefined
  return readFile(join(root, candid), 'utf8').catch(() => {
    throw new BuildError(name, `There is no ${candid}.`, `Correct \`candid\` of canister \`${name}\` in dfx.json.`, { file: candid })
  })
}

function azleError(root: string, scratch: string, { name, main }: AzleSpec, output: string): BuildError {
  const found = /^(.+?):(\d+):(\d+): ERROR: (.*)$/m.exec(output)
  if (found === null) return new BuildError(name, output.trim().slice(-2000), `Correct ${main} and run the command again.`, { file: main })
  const [, path = main, line, column, message = ''] = found
  // `<stdin>` is Azle's own prelude, which imports the program.
  const file = path === '<stdin>' ? main : relative(root, resolve(scratch, path))
  return new BuildError(name, message, `Correct ${file} and run the command again.`, { file, line: Number(line), column: Number(column) })
}
