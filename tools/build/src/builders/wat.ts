import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import initWabt from 'wabt'
import { BuildError } from '../buildError.ts'
import type { Builder } from '../builder.ts'
import { packageVersion } from '../packages.ts'
import type { WatSpec } from '../spec.ts'

const features = {
  bulk_memory: true,
  sign_extension: true,
  sat_float_to_int: true,
  mutable_globals: true,
  multi_value: true,
  memory64: true,
}

/** WebAssembly text, assembled as it stands. */
export const watBuilder: Builder<WatSpec> = {
  async inputs(_root, spec) {
    return { files: [spec.main, spec.candid], versions: { wabt: await packageVersion('wabt') } }
  },

  async build({ root }, spec) {
    const [source, candid] = await Promise.all([spec.main, spec.candid].map((path) => readText(root, spec.name, path)))
    return { wasm: await assemble(spec, source ?? ''), candid: candid ?? '' }
  },
}

async function readText(root: string, name: string, path: string): Promise<string> {
  return readFile(join(root, path), 'utf8').catch(() => {
    throw new BuildError(name, `There is no ${path}.`, `Correct the entry of canister \`${name}\` in dfx.json.`, { file: path })
  })
}

async function assemble({ name, main }: WatSpec, source: string): Promise<Uint8Array> {
  const wabt = await initWabt()
  try {
    const module = wabt.parseWat(main, source, features)
    try {
      module.validate()
      return module.toBinary({}).buffer
    } finally {
      module.destroy()
    }
  } catch (error) {
    throw assemblyError(name, main, error instanceof Error ? error.message : String(error))
  }
}

function assemblyError(name: string, main: string, words: string): BuildError {
  const found = /:(\d+):(\d+): error: (.*)/.exec(words)
  const position = found === null ? { file: main } : { file: main, line: Number(found[1]), column: Number(found[2]) }
  return new BuildError(name, found?.[3] ?? words, `Correct ${main} and run the command again.`, position)
}
