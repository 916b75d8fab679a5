/**
 * Imports: functions of `ic0` with their exact types, a memory and a table by their fixed names, nothing else; with
 * experimental hooks, functions of `lifecycle_hooks` too.
 */
import type { ImportFact, ModuleFacts } from '@tidemark/wasm'
import { instantiationFailure, invalidModule } from './invalidModule.ts'
import { checkSignature } from './signature.ts'
import { type SystemApiEntry, experimentalApiTable, experimentalModule, systemApiTable, systemCallType } from './systemApiTable.ts'

/** @throws RejectError `CanisterInvalidWasm` */
export function checkImports(facts: ModuleFacts, experimentalHooks: boolean): void {
  const address = facts.memory?.address ?? 'i32'
  for (const entry of facts.imports) {
    if (entry.kind === 'function') checkFunction(entry, address, experimentalHooks)
    else if (entry.kind === 'memory') {
      if (entry.name === 'memory' && entry.module !== 'env') throw invalidImport('Only memory imported from env.memory is allowed.')
    } else if (entry.kind === 'table') {
      if (entry.name === 'table' && entry.module !== 'env') throw invalidImport('Only tables imported from env.table are allowed.')
    } else throw invalidImport('Importing globals is not allowed.')
  }
}

/**
 * A host gives modules neither memories nor tables: a module that imports one is valid, but cannot be instantiated.
 *
 * @throws RejectError `CanisterWasmEngineError`
 */
export function checkHostProvides({ imports }: ModuleFacts): void {
  const wanted = imports.find(({ kind }) => kind !== 'function')
  if (wanted !== undefined) throw instantiationFailure(`unknown import: \`${wanted.module}::${wanted.name}\` has not been defined`)
}

function checkFunction(entry: ImportFact, address: 'i32' | 'i64', experimentalHooks: boolean): void {
  const call = callOf(entry, experimentalHooks)
  if (call === undefined || (call.only32 && address === 'i64')) {
    if (entry.module !== 'ic0' && known(systemApiTable, entry.name, address)) {
      throw invalidImport(
        `Module imports function ${quoted(entry.name)} from ${quoted(entry.module)}, expected to be imported from one of ["ic0"] instead.`,
      )
    }
    throw invalidImport(`Module imports function '${entry.name}' from '${entry.module}' that is not exported by the runtime.`)
  }
  checkSignature(entry.name, entry.type ?? { params: [], results: [] }, systemCallType(call, address))
}

function known(table: Readonly<Record<string, SystemApiEntry>>, name: string, address: 'i32' | 'i64'): boolean {
  const call = Object.hasOwn(table, name) ? table[name] : undefined
  return call !== undefined && !(call.only32 && address === 'i64')
}

function quoted(text: string): string {
  return JSON.stringify(text)
}

function callOf({ module, name }: ImportFact, experimentalHooks: boolean): SystemApiEntry | undefined {
  const table = module === 'ic0' ? systemApiTable : experimentalHooks && module === experimentalModule ? experimentalApiTable : {}
  return Object.hasOwn(table, name) ? table[name] : undefined
}

function invalidImport(text: string) {
  return invalidModule(`Wasm module has an invalid import section. ${text}`)
}
