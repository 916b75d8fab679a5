/** Motoko programs of `tests/motoko/programs`, compiled once per content. */
import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CompileReply, compileMotokoPrograms, packageVersion, readMotokoSources } from '@tidemark/build'

const root = join(import.meta.dirname, '../../..')
const folder = 'tests/motoko/programs'
const cache = join(root, '.tidemark/motoko')
/** Milliseconds that compiling the programs of a test file may take on a busy machine. */
export const compileTimeout = 300_000

const extraFlags = ['--default-persistent-actors', '--hide-warnings']

/**
 * Modules of the named programs, by name. Those that changed since they were last compiled are compiled in one process.
 *
 * @throws Error with the compiler's diagnostics when a program is not correct
 */
export async function compilePrograms(names: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const version = await packageVersion('motoko')
  const wanted = await Promise.all(names.map((name) => describe(name, version)))
  const missing = wanted.filter(({ path }) => read(path) === undefined)
  const errors: string[] = []
  await compileMotokoPrograms(
    missing.map(({ main, sources }) => ({ main, sources, packages: [], extraFlags, gcFlags: [] })),
    (reply, index) => {
      const program = missing[index]
      if (program === undefined) return
      if (reply.ok) keep(program.path, reply.wasm)
      else errors.push(...problems(program.main, reply))
    },
  )
  if (errors.length > 0) throw new Error(errors.join('\n'))
  return new Map(wanted.map(({ name, path }) => [name, read(path) ?? new Uint8Array(0)]))
}

interface WantedProgram {
  readonly name: string
  readonly main: string
  readonly sources: readonly (readonly [string, string])[]
  /** Where its module is kept. */
  readonly path: string
}

async function describe(name: string, version: string): Promise<WantedProgram> {
  const main = `${folder}/${name}.mo`
  const sources = [...(await readMotokoSources(root, main, []))]
  const hash = createHash('sha256')
    .update(JSON.stringify([version, extraFlags, main, sources]))
    .digest('hex')
  return { name, main, sources, path: join(cache, `${name}-${hash.slice(0, 16)}.wasm`) }
}

function problems(main: string, reply: Extract<CompileReply, { ok: false }>): string[] {
  if (reply.diagnostics.length === 0) return [`${main}: ${reply.message}`]
  return reply.diagnostics.map(({ file, line, column, code, message }) => `${file}:${line}:${column} ${code} ${message}`)
}

function read(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

/** Puts a file in place at once: another test file may look for it at the same time. */
function keep(path: string, bytes: Uint8Array): void {
  mkdirSync(cache, { recursive: true })
  const part = `${path}.${randomUUID()}.part`
  writeFileSync(part, bytes)
  renameSync(part, path)
}
