import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BuildInputs } from './builder.ts'
import type { CanisterSpec } from './spec.ts'

// Part of every fingerprint: raise it when the same inputs begin to give another output.
const format = 1

/** SHA-256 of bytes, as hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** One hash over everything a build depends on. */
export async function fingerprintOf(root: string, spec: CanisterSpec, inputs: BuildInputs): Promise<string> {
  const versions = Object.entries(inputs.versions).sort(([a], [b]) => (a < b ? -1 : 1))
  const content = { format, spec, versions, files: await hashFiles(root, inputs.files) }
  return sha256(new TextEncoder().encode(JSON.stringify(content)))
}

/** Path and hash of each file; a file that is not there has the hash `''`. */
export async function hashFiles(root: string, files: readonly string[]): Promise<readonly (readonly [path: string, hash: string])[]> {
  return Promise.all(files.map(async (path) => [path, await readFile(join(root, path)).then(sha256, () => '')] as const))
}
