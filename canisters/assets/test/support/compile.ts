import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

interface Compiler {
  loadPackage(content: unknown): void
  write(path: string, text: string): void
  setPublicMetadata(names: string[]): void
  setExtraFlags(flags: string[]): void
  wasm(path: string, mode: 'ic'): { wasm: Uint8Array<ArrayBuffer> }
  candid(path: string): string
}

/** Compiles the canister from its sources, with the flags a build uses. */
export function compileCanister(): { wasm: Uint8Array<ArrayBuffer>; did: string } {
  const load = createRequire(import.meta.url)
  const compiler = load('motoko') as Compiler
  compiler.loadPackage(load('motoko/packages/latest/core.json'))
  const sources = join(import.meta.dirname, '..', '..', 'src')
  for (const path of readdirSync(sources, { recursive: true, encoding: 'utf8' })) {
    if (path.endsWith('.mo')) compiler.write(path.replaceAll('\\', '/'), readFileSync(join(sources, path), 'utf8'))
  }
  compiler.setPublicMetadata(['candid:service', 'candid:args'])
  compiler.setExtraFlags(['--default-persistent-actors', '-Werror'])
  return { wasm: compiler.wasm('main.mo', 'ic').wasm, did: compiler.candid('main.mo') }
}
