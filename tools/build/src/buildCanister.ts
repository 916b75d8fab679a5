import { mkdtemp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BuildError } from './buildError.ts'
import type { Builder } from './builder.ts'
import { assetsBuilder } from './builders/assets.ts'
import { azleBuilder } from './builders/azle.ts'
import { commandBuilder } from './builders/command.ts'
import { motokoBuilder } from './builders/motoko.ts'
import { ownCanister } from './builders/own.ts'
import { watBuilder } from './builders/wat.ts'
import { fingerprintOf } from './fingerprint.ts'
import { type Project, readProject } from './readProject.ts'
import type { CanisterSpec } from './spec.ts'
import { findStored, outputFolder, store, type StoredBuild } from './store.ts'
import { withPublicMetadata } from './wasm/metadata.ts'

/** What happened to one canister while building; `elapsedMs` is measured from its start. */
export interface BuildProgress {
  readonly canister: string
  readonly step: 'started' | 'built' | 'reused'
  readonly elapsedMs: number
}

/** What to build. */
export interface BuildOptions {
  /** Name of the canister in `dfx.json`, or of one of this repository's own. */
  readonly name: string
  /** Absolute path of the folder that has `dfx.json`. */
  readonly root: string
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined
}

/** A built canister. Paths are absolute. */
export interface BuiltCanister extends StoredBuild {
  readonly name: string
  /** Folders with the files of a site, for `type: assets`: the first that exists is what a deployment uploads. */
  readonly sources?: readonly string[]
  /** Whether an earlier build was taken as it was. */
  readonly reused: boolean
}

/**
 * Builds one canister of a project, or takes the earlier result when nothing it depends on has changed. The module has
 * public `candid:service` metadata. Several builds may run at the same time, also of the same canister.
 *
 * @throws {BuildError} with what happened, where, and what to do
 */
export async function buildCanister({ name, root, onProgress }: BuildOptions): Promise<BuiltCanister> {
  return buildFrom(await readProject(root), name, onProgress)
}

/** `buildCanister` for a project that is read already. */
export async function buildFrom(project: Project, name: string, onProgress: BuildOptions['onProgress']): Promise<BuiltCanister> {
  const spec = project.canisters.get(name) ?? ownCanister(name)
  if (spec === undefined)
    throw new BuildError(name, `There is no canister \`${name}\` in dfx.json.`, `It has: ${[...project.canisters.keys()].join(', ')}.`)
  const started = performance.now()
  const report = (step: BuildProgress['step']) => onProgress?.({ canister: name, step, elapsedMs: performance.now() - started })
  report('started')
  const { stored, reused } = await withBuilder(project.root, spec)
  report(reused ? 'reused' : 'built')
  const sources = spec.kind === 'assets' ? { sources: spec.sources.map((path) => join(project.root, path)) } : {}
  return { name, ...stored, ...sources, reused }
}

interface Outcome {
  readonly stored: StoredBuild
  readonly reused: boolean
}

function withBuilder(root: string, spec: CanisterSpec): Promise<Outcome> {
  switch (spec.kind) {
    case 'motoko':
      return obtain(root, spec, motokoBuilder)
    case 'wat':
      return obtain(root, spec, watBuilder)
    case 'azle':
      return obtain(root, spec, azleBuilder)
    case 'command':
      return obtain(root, spec, commandBuilder)
    case 'assets':
      return obtain(root, spec, assetsBuilder)
  }
}

async function obtain<Spec extends CanisterSpec>(root: string, spec: Spec, builder: Builder<Spec>): Promise<Outcome> {
  const fingerprint = await fingerprintOf(root, spec, await builder.inputs(root, spec))
  const found = await findStored(root, spec.name, fingerprint)
  if (found !== undefined) return { stored: found, reused: true }
  const folder = outputFolder(root, spec.name)
  await mkdir(folder, { recursive: true })
  const scratch = await mkdtemp(join(folder, 'scratch-'))
  try {
    const product = await builder.build({ root, scratch }, spec)
    const wasm = withMetadata(spec.name, product.wasm, product.candid)
    const left = (await builder.leaves?.(root, spec)) ?? []
    return { stored: await store(root, spec.name, fingerprint, { ...product, wasm, gzip: spec.gzip }, left), reused: false }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

function withMetadata(name: string, wasm: Uint8Array, candid: string): Uint8Array {
  const compressed = wasm[0] === 0x1f && wasm[1] === 0x8b
  if (compressed) return wasm
  try {
    return withPublicMetadata(wasm, 'candid:service', candid)
  } catch (error) {
    throw new BuildError(
      name,
      `The build made no valid Wasm module: ${error instanceof Error ? error.message : String(error)}`,
      'Correct the build command in dfx.json.',
    )
  }
}
