/** Where a module comes from: bytes, a file, or a canister of a project. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, relative, resolve } from 'node:path'
import { buildCanister, buildFrom, type BuiltCanister, type CanisterSpec } from '@tidemark/build'
import { UsageError } from './errors.ts'

/**
 * Reads or builds a module. Builds are kept in the project's `.tidemark/build` and taken again while nothing has changed.
 *
 * @param source - the module itself; a `.wasm` or `.wasm.gz` file; a Motoko program (`.mo`); an Azle entry (`.ts`, `.js`);
 *   or the name of a canister in `dfx.json`
 * @param root - folder that paths are relative to and that has the `dfx.json`
 * @throws UsageError when there is no such file. BuildError with file and line when it does not compile
 */
export async function moduleOf(source: Uint8Array | string, root: string): Promise<Uint8Array> {
  if (typeof source !== 'string') return source
  if (/\.wasm(\.gz)?$/.test(source)) return readFile(existing(source, root))
  const { wasmPath } = await built(source, root)
  return readFile(wasmPath)
}

function built(source: string, root: string): Promise<BuiltCanister> {
  const kind = kindOf(source)
  if (kind === undefined) return buildCanister({ root, name: source })
  const main = relative(root, existing(source, root))
  const name = main.replace(/\.[^.]*$/, '').replaceAll(/\W+/g, '_')
  const spec: CanisterSpec =
    kind === 'motoko' ? { kind, name, main, args: [], dependencies: [], gzip: false } : { kind, name, main, dependencies: [], gzip: false }
  return buildFrom({ root, canisters: new Map([[name, spec]]) }, name, undefined)
}

function kindOf(source: string): 'motoko' | 'azle' | undefined {
  const extension = extname(source)
  if (extension === '.mo') return 'motoko'
  return extension === '.ts' || extension === '.js' ? 'azle' : undefined
}

function existing(source: string, root: string): string {
  const path = resolve(root, source)
  if (!existsSync(path)) throw new UsageError(`there is no file ${path}`)
  return path
}
