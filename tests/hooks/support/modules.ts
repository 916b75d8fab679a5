/** The canisters of the tests, built once and then taken from the kept builds. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildCanister } from '@tidemark/build'
import type { Language } from './target.ts'

const root = join(import.meta.dirname, '../../..')
const canisters = { motoko: 'lifecycle_hooks', typescript: 'lifecycle_hooks_ts', monitor: 'monitor' } as const

/** The module of an example, or of the monitor. */
export async function moduleOf(canister: Language | 'monitor'): Promise<Uint8Array> {
  const { wasmPath } = await buildCanister({ name: canisters[canister], root })
  return new Uint8Array(await readFile(wasmPath))
}
