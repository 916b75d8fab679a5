/** Prepares a Wasm module for installation: metadata that the project declares, compression. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { CliError, messageOf } from '../output/cliError.ts'
import type { CanisterConfig } from '../project/dfxJson.ts'
import { customSectionNames, withCustomSection } from './wasmSections.ts'

export interface PreparedModule {
  /** What is uploaded, compressed or not. */
  readonly bytes: Uint8Array
  /** SHA-256 of these bytes, hexadecimal: the module hash that the network will report. */
  readonly hash: string
  /** Whether an upgrade has to keep the main memory. */
  readonly keepsMemory: boolean
}

const gzipMark = [0x1f, 0x8b]

/** @throws CliError when the bytes are no module, compressed or not */
export function prepareModule(file: Uint8Array, { did, gzip = false, sections = [] }: ModuleOptions = {}): PreparedModule {
  const isCompressed = gzipMark.every((byte, index) => file[index] === byte)
  const plain = isCompressed ? unpack(file) : file
  const names = customSectionNames(plain)
  let module = plain
  const wanted =
    did === undefined ? sections : [{ name: 'candid:service', isPublic: true, content: new TextEncoder().encode(did) }, ...sections]
  for (const { name, isPublic, content } of wanted) {
    if (names.some((each) => each === `icp:public ${name}` || each === `icp:private ${name}`)) continue
    module = withCustomSection(module, `icp:${isPublic ? 'public' : 'private'} ${name}`, content)
    names.push(`icp:private ${name}`)
  }
  const unchanged = module === plain
  const bytes = gzip || isCompressed ? (isCompressed && unchanged ? file : new Uint8Array(gzipSync(module, { level: 9 }))) : module
  return {
    bytes,
    hash: createHash('sha256').update(bytes).digest('hex'),
    keepsMemory: names.some((name) => name.endsWith(' enhanced-orthogonal-persistence')),
  }
}

export interface ModuleOptions {
  /** Interface to publish where the module does not carry one. */
  readonly did?: string
  readonly gzip?: boolean
  readonly sections?: readonly { readonly name: string; readonly isPublic: boolean; readonly content: Uint8Array }[]
}

/** The metadata sections that a project declares for a canister, other than its interface. */
export function declaredSections(root: string, canister: CanisterConfig): NonNullable<ModuleOptions['sections']> {
  return canister.metadata.flatMap(({ name, isPublic, path, content }) => {
    if (name === 'candid:service' && path === undefined && content === undefined) return []
    if (content !== undefined) return [{ name, isPublic, content: new TextEncoder().encode(content) }]
    return path === undefined ? [] : [{ name, isPublic, content: readFile(join(root, path)) }]
  })
}

/** @throws CliError when the file is not there */
export function readFile(file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file))
  } catch (error) {
    throw new CliError({ what: `${file} cannot be read.`, why: messageOf(error), remedy: 'Build the canister first, or correct the path.' })
  }
}

function unpack(file: Uint8Array): Uint8Array {
  try {
    return new Uint8Array(gunzipSync(file))
  } catch (error) {
    throw new CliError({ what: 'The compressed Wasm module cannot be unpacked.', why: messageOf(error), remedy: 'Build it again.' })
  }
}
