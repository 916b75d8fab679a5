/** From uploaded bytes to something that can be instantiated. */
import { sha256 } from '@noble/hashes/sha2.js'
import { type CanisterModule, globalValueBytes, type MetadataSection } from '@tidemark/state'
import { toHex } from '@tidemark/types'
import { type InstrumentOptions, type ModuleFacts, type PageCharges, WasmError, instrument } from '@tidemark/wasm'
import { largeOperationInstructions } from '../limits.ts'
import { savedGlobals } from './globals.ts'
import { type RewrittenModuleStore, bodyFactsIn, withBodyFacts } from './rewrittenModule.ts'
import { experimentalModule, systemImportAdapters } from '../validation/systemApiTable.ts'
import { decodeModule, engineError, validateIcModule } from '../validation/index.ts'

const encoder = new TextEncoder()

/** A module that has been checked, rewritten and compiled. */
export interface PreparedModule {
  readonly module: CanisterModule
  readonly compiled: WebAssembly.Module
  readonly facts: ModuleFacts
  /** Indices of the globals that are part of a canister's state, in their order there. */
  readonly savedGlobals: readonly number[]
}

export interface ModuleCacheOptions {
  readonly rewritten?: RewrittenModuleStore | undefined
  /** Whether modules may import what only networks with experimental hooks offer. Default false. */
  readonly experimentalHooks?: boolean
  /** Bytes of stack that a call chain may use, see docs/metering.md. Default: what every engine has. */
  readonly stackBudget?: number | undefined
}

/** Keeps prepared modules by the hash of their bytes, so that the same code is rewritten and compiled once. */
export class ModuleCache {
  readonly #modules = new Map<string, PreparedModule>()
  readonly #pageCharges: PageCharges
  readonly #rewritten: RewrittenModuleStore | undefined
  readonly #experimentalHooks: boolean
  readonly #stack: Pick<InstrumentOptions, 'stackBudget'>

  constructor(pageCharges: PageCharges, { rewritten, experimentalHooks = false, stackBudget }: ModuleCacheOptions = {}) {
    this.#pageCharges = pageCharges
    this.#rewritten = rewritten
    this.#experimentalHooks = experimentalHooks
    this.#stack = stackBudget === undefined ? {} : { stackBudget }
  }

  /**
   * Prepares a module as a canister's owner uploaded it.
   *
   * @throws RejectError `CanisterInvalidWasm` when the network would refuse it
   */
  prepare(bytes: Uint8Array): PreparedModule {
    const hash = sha256(bytes)
    const key = toHex(hash)
    let prepared = this.#modules.get(key)
    if (prepared === undefined) {
      prepared = this.#prepare(bytes, hash, key)
      this.#modules.set(key, prepared)
    }
    return prepared
  }

  #prepare(bytes: Uint8Array, hash: Uint8Array, key: string): PreparedModule {
    const decoded = decodeModule(bytes)
    const kept = this.#rewritten?.load(key)
    if (kept !== undefined) {
      const compiled = compile(kept)
      const facts = validateIcModule(decoded, this.#experimentalHooks, bodyFactsIn(compiled))
      return assemble(bytes, hash, facts, compiled)
    }
    const facts = validateIcModule(decoded, this.#experimentalHooks)
    const rewritten = this.#rewrite(decoded)
    const compiled = compile(rewritten)
    this.#rewritten?.save(key, withBodyFacts(rewritten, facts))
    return assemble(bytes, hash, facts, compiled)
  }

  #rewrite(decoded: Uint8Array): Uint8Array {
    try {
      return instrument(decoded, {
        pageCharges: this.#pageCharges,
        imports: systemImportAdapters(),
        segmentDrops: 'message',
        branchHints: true,
        ...this.#stack,
        operationLimit: largeOperationInstructions,
      }).bytes
    } catch (error) {
      if (error instanceof WasmError) throw engineError(error.message)
      throw error
    }
  }
}

function compile(bytes: Uint8Array): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>)
  } catch (error) {
    // Pages of browsers compile large modules only outside of their main thread: the module is not to blame.
    if (error instanceof RangeError) throw engineError(`${error.message} (run the replica in a worker of the page)`)
    throw engineError(error instanceof Error ? error.message : String(error))
  }
}

function assemble(bytes: Uint8Array, hash: Uint8Array, facts: ModuleFacts, compiled: WebAssembly.Module): PreparedModule {
  const saved = savedGlobals(facts)
  return { module: describe(bytes, hash, facts, saved.length), compiled, facts, savedGlobals: saved }
}

function describe(bytes: Uint8Array, hash: Uint8Array, facts: ModuleFacts, globals: number): CanisterModule {
  const metadata = facts.customSections.flatMap((section) => metadataSection(section))
  return {
    bytes,
    hash,
    wasmMode: facts.memory?.address === 'i64' ? 'wasm64' : 'wasm32',
    metadata,
    exportedFunctions: new Set(facts.exports.filter((entry) => entry.kind === 'function').map((entry) => entry.name)),
    experimentalImports: facts.imports.filter(({ module }) => module === experimentalModule).map(({ module, name }) => `${module}.${name}`),
    instructionCount: facts.instructionCount,
    globalBytes: (globals + 1) * globalValueBytes,
    metadataBytes: metadata.reduce((sum, { name, contents }) => sum + encoder.encode(name).length + 1 + contents.length, 0),
  }
}

function metadataSection(section: { readonly name: string; readonly contents: Uint8Array }): MetadataSection[] {
  const match = /^icp:(public|private) ([\s\S]*)$/.exec(section.name)
  if (match === null) return []
  return [{ visibility: match[1] as 'public' | 'private', name: match[2] ?? '', contents: section.contents }]
}
