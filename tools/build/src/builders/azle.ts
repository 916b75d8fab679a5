import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { BuildError } from '../buildError.ts'
import type { Builder } from '../builder.ts'
import { packageFolder, packageVersion } from '../packages.ts'
import { run } from '../run.ts'
import type { AzleSpec } from '../spec.ts'
import { workspaceOf, workspaceSources } from '../workspace.ts'

// Relative to Azle's working folder.
const stub = '../inside/index.ts'

/** TypeScript canisters, built by Azle in its stable mode. */
export const azleBuilder: Builder<AzleSpec> = {
  async inputs(root, spec) {
    const files = await workspaceSources(root, workspaceOf(root, spec.main))
    return { files: spec.candid === undefined ? files : [...files, spec.candid], versions: { azle: await packageVersion('azle') } }
  },

  // Azle empties and fills `.azle/<name>` below the folder that has dfx.json; it is given one of its own, so that two
  // builds at once do not disturb each other. It also writes the path of that folder into the module: by working inside
  // it, and with a relative path, the module becomes the same on every machine. Azle's own import of the program is
  // resolved against the program's folder, hence the detour over `../inside`.
  async build({ root, scratch }, spec) {
    const inside = join(scratch, 'inside')
    await mkdir(inside, { recursive: true })
    const program = relative(inside, join(root, spec.main)).split(sep).join('/')
    await writeFile(join(inside, 'index.ts'), `export { default } from ${JSON.stringify(program)}\n`)
    await writeFile(join(inside, 'dfx.json'), JSON.stringify({ canisters: { [spec.name]: { main: stub } } }))
    const candidPath = join(inside, `${spec.name}.did`)
    const [tsx, azle] = await Promise.all([packageFolder('tsx'), packageFolder('azle')])
    const { code, output } = await run({
      program: process.execPath,
      args: [join(tsx, 'dist', 'cli.mjs'), join(azle, 'src', 'build.ts'), 'build', spec.name],
      cwd: inside,
      env: { AZLE_DFX_ROOT: '.', CANISTER_CANDID_PATH: candidPath },
    })
    if (code !== 0) throw azleError(root, inside, spec, output)
    const wasm = await readFile(join(inside, '.azle', spec.name, `${spec.name}.wasm`))
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

function azleError(root: string, cwd: string, { name, main }: AzleSpec, output: string): BuildError {
  const found = /^(.+?):(\d+):(\d+): ERROR: (.*)$/m.exec(output)
  if (found === null)
    return new BuildError(name, output.trim().slice(-2000).replaceAll(stub, main), `Correct ${main} and run the command again.`, {
      file: main,
    })
  const [, path = main, line, column, message = ''] = found
  // `<stdin>` is Azle's own prelude, which imports the program.
  const file = path === '<stdin>' ? main : relative(root, resolve(cwd, path))
  return new BuildError(name, message, `Correct ${file} and run the command again.`, { file, line: Number(line), column: Number(column) })
}
