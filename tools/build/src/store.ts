import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Product } from './builder.ts'
import { hashFiles, sha256 } from './fingerprint.ts'

/** Paths of what a build put into its output folder, absolute. */
export interface StoredBuild {
  readonly wasmPath: string
  readonly didPath: string
  readonly gzip?: string
  /** SHA-256 of the module at `wasmPath`, as hex. */
  readonly moduleHash: string
}

/** Content of `build.json`. */
interface BuildRecord {
  readonly fingerprint: string
  readonly moduleHash: string
  readonly gzip: boolean
  /** Files the build left elsewhere, with their hashes. */
  readonly left: readonly (readonly [path: string, hash: string])[]
}

/** Folder of everything that building one canister keeps. */
export function outputFolder(root: string, name: string): string {
  return join(root, '.tidemark', 'build', name)
}

/** The kept result of an earlier build, or undefined when there is none for this fingerprint or it was tampered with. */
export async function findStored(root: string, name: string, fingerprint: string): Promise<StoredBuild | undefined> {
  const folder = outputFolder(root, name)
  const record = await readRecord(join(folder, 'build.json'))
  if (record?.fingerprint !== fingerprint) return undefined
  const stored = pathsOf(folder, name, record)
  const intact = await readFile(stored.wasmPath).then(
    (bytes) => sha256(bytes) === record.moduleHash,
    () => false,
  )
  const now = await hashFiles(
    root,
    record.left.map(([path]) => path),
  )
  return intact && JSON.stringify(now) === JSON.stringify(record.left) ? stored : undefined
}

/**
 * Keeps the result of a build. Every file appears whole or not at all, and `build.json` last, so that a build that is
 * interrupted is never taken for a finished one.
 *
 * @param left - files the build left outside its folder, relative to `root`
 */
export async function store(
  root: string,
  name: string,
  fingerprint: string,
  product: Product & { gzip: boolean },
  left: readonly string[],
): Promise<StoredBuild> {
  const folder = outputFolder(root, name)
  await mkdir(folder, { recursive: true })
  const record: BuildRecord = { fingerprint, moduleHash: sha256(product.wasm), gzip: product.gzip, left: await hashFiles(root, left) }
  const stored = pathsOf(folder, name, record)
  await rm(join(folder, 'build.json'), { force: true })
  await writeWhole(stored.wasmPath, product.wasm)
  await writeWhole(stored.didPath, product.candid)
  if (stored.gzip !== undefined) await writeWhole(stored.gzip, gzipSync(product.wasm, { level: 9 }))
  if (product.servedCandid !== undefined) await writeWhole(join(folder, `${name}.served.did`), product.servedCandid)
  if (product.stableTypes !== undefined) await writeWhole(join(folder, `${name}.most`), product.stableTypes)
  await writeWhole(join(folder, 'build.json'), `${JSON.stringify(record, undefined, 2)}\n`)
  return stored
}

function pathsOf(folder: string, name: string, { moduleHash, gzip }: BuildRecord): StoredBuild {
  const wasmPath = join(folder, `${name}.wasm`)
  return { wasmPath, didPath: join(folder, `${name}.did`), moduleHash, ...(gzip ? { gzip: `${wasmPath}.gz` } : {}) }
}

async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const part = `${path}.${randomUUID()}.part`
  await writeFile(part, content)
  await rename(part, path)
}

async function readRecord(path: string): Promise<BuildRecord | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(path, 'utf8'))
    return isRecord(content) ? content : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is BuildRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'fingerprint' in value &&
    'moduleHash' in value &&
    'left' in value &&
    Array.isArray(value.left)
  )
}
