import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildCanister } from '@tidemark/build'

/** The canister as a deployment gets it, and the interface its compiler emitted. Built once, then taken from the kept builds. */
export async function compileCanister(): Promise<{ wasm: Uint8Array<ArrayBuffer>; did: string }> {
  const root = join(import.meta.dirname, '..', '..', '..', '..')
  const { wasmPath, didPath } = await buildCanister({ root, name: 'assets' })
  return { wasm: new Uint8Array(readFileSync(wasmPath)), did: readFileSync(didPath, 'utf8') }
}
