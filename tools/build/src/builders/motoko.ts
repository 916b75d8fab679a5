import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BuildError } from '../buildError.ts'
import type { Builder } from '../builder.ts'
import { compileMotoko } from '../motoko/compile.ts'
import { translateFlags } from '../motoko/flags.ts'
import type { CompileReply } from '../motoko/protocol.ts'
import { type LocalPackage, type MotokoSources, parseLocalPackages, readMotokoSources } from '../motoko/sources.ts'
import { packageVersion } from '../packages.ts'
import type { MotokoSpec } from '../spec.ts'
import { buildPage, pageSources } from './page.ts'

/** Motoko, with the compiler and the core package that npm carries. */
export const motokoBuilder: Builder<MotokoSpec> = {
  async inputs(root, spec) {
    const sources = await readMotokoSources(root, spec.main, await localPackages(root))
    const page = spec.page === undefined ? [] : await pageSources(root, spec.page)
    return { files: [...sources.keys(), ...page].sort(), versions: { motoko: await packageVersion('motoko') } }
  },

  async build(place, spec) {
    const { root } = place
    const packages = await localPackages(root)
    const sources = await readMotokoSources(root, spec.main, packages)
    if (!sources.has(spec.main)) throw missing(spec)
    const page = spec.page && ([spec.page.module, await buildPage(place, spec.name, spec.page)] as const)
    const reply = await compileMotoko({
      main: spec.main,
      sources: [...sources, ...(page ? [page] : [])],
      packages: used(packages, sources).map(({ name, folder }) => [name, folder]),
      ...translateFlags(spec.args),
    }).catch((error: unknown) => {
      throw new BuildError(spec.name, String(error), 'Free some memory and run the command again.')
    })
    if (!reply.ok) throw compileError(spec, reply)
    return { wasm: reply.wasm, candid: reply.candid, stableTypes: reply.stable }
  },
}

async function localPackages(root: string): Promise<readonly LocalPackage[]> {
  return parseLocalPackages(await readFile(join(root, 'mops.toml'), 'utf8').catch(() => ''))
}

/** The compiler refuses a package without files, so those that the program does not import are left out. */
function used(packages: readonly LocalPackage[], sources: MotokoSources): readonly LocalPackage[] {
  const paths = [...sources.keys()]
  return packages.filter(({ folder }) => paths.some((path) => path.startsWith(`${folder}/`)))
}

function missing({ name, main }: MotokoSpec): BuildError {
  return new BuildError(name, `There is no ${main}.`, `Correct \`main\` of canister \`${name}\` in dfx.json.`, { file: main })
}

function compileError({ name, main }: MotokoSpec, reply: Extract<CompileReply, { ok: false }>): BuildError {
  const [first, ...others] = reply.diagnostics
  if (first === undefined)
    return new BuildError(name, reply.message, 'Correct the program or its compiler flags in dfx.json.', { file: main })
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  const { file, line, column } = first
  return new BuildError(name, `${first.message} [${first.code}]${more}`, `Correct ${file} and run the command again.`, {
    file,
    line,
    column,
  })
}
