/**
 * Imports: functions of `ic0` with their exact types, a memory and a table by their fixed names, nothing else; with
 * experimental hooks, functions of `lifecycle_hooks` too.
 */
import type { ImportFact, ModuleFacts } from '@tidemark/wasm'
import { invalidModule } from './decodeModule.ts'
import { type SystemApiEntry, experimentalApiTable, experimentalModule, systemApiTable, systemCallType } from './systemApiTable.ts'

/** @throws RejectError `CanisterInvalidWasm` */
export function checkImports(facts: ModuleFacts, experimentalHooks: boolean): void {
  const address = facts.memory?.address ?? 'i32'
  for (const entry of facts.imports) {
    if (entry.kind === 'function') checkFunction(entry, address, experimentalHooks)
    else if (entry.kind === 'memory') checkName(entry, 'env', 'memory', 'Only memory imported from env.memory is allowed.')
    else if (entry.kind === 'table') checkName(entry, 'env', 'table', 'Only tables imported from env.table are allowed.')
    else throw invalidImport('Importing globals is not allowed.')
  }
}

function checkFunction(entry: ImportFact, address: 'i32' | 'i64', experimentalHooks: boolean): void {
  const call = callOf(entry, experimentalHooks)
  if (call === undefined || (call.only32 && address === 'i64')) {
    throw invalidImport(`Module imports function '${entry.name}' from '${entry.module}' that is not exported by the runtime.`)
  }
  const expected = systemCallType(call, address)
  const actual = entry.type ?? { params: [], results: [] }
  if (expected.params.join() === actual.params.join() && expected.results.join() === actual.results.join()) return
  throw invalidImport(
    `Module imports function '${entry.name}' from '${entry.module}' with type (${actual.params.join(', ')}) -> (${actual.results.join(', ')}), ` +
      `expected (${expected.params.join(', ')}) -> (${expected.results.join(', ')}).`,
  )
}

function callOf({ module, name }: ImportFact, experimentalHooks: boolean): SystemApiEntry | undefined {
  const table = module === 'ic0' ? systemApiTable : experimentalHooks && module === experimentalModule ? experimentalApiTable : {}
  return Object.hasOwn(table, name) ? table[name] : undefined
}

function checkName(entry: ImportFact, module: string, name: string, text: string): void {
  if (entry.module !== module || entry.name !== name) throw invalidImport(text)
}

function invalidImport(text: string) {
  return invalidModule(`Wasm module has an invalid import section. ${text}`)
}
