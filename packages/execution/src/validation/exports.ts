/** Exports: methods with one kind each, the entry points that the system knows, no reserved names. */
import type { ModuleFacts } from '@tidemark/wasm'
import { invalidModule } from './invalidModule.ts'
import { moduleLimits } from './moduleLimits.ts'
import { checkSignature } from './signature.ts'

const methodPrefixes = ['canister_update ', 'canister_query ', 'canister_composite_query ']
const entryPoints = new Set([
  'canister_init',
  'canister_pre_upgrade',
  'canister_post_upgrade',
  'canister_inspect_message',
  'canister_heartbeat',
  'canister_global_timer',
  'canister_on_low_wasm_memory',
])
const reserved = new Set([
  'canister counter_instructions',
  'canister counter_dirty_pages',
  'canister counter_accessed_pages',
  'canister_start',
  'stable_memory',
  'stable_bytemap_memory',
])
const nothing = { params: [], results: [] }
const encoder = new TextEncoder()

/** @throws RejectError `CanisterInvalidWasm` */
export function checkExports(facts: ModuleFacts): void {
  const methods = new Set<string>()
  let nameBytes = 0
  let count = 0
  for (const entry of facts.exports) {
    if (reserved.has(entry.name) || entry.name.startsWith('tidemark:'))
      throw invalidExport(`Exporting reserved symbol ${entry.name} not allowed.`)
    if (entry.kind !== 'function') continue
    const prefix = methodPrefixes.find((candidate) => entry.name.startsWith(candidate))
    if (prefix !== undefined) {
      const method = entry.name.slice(prefix.length)
      if (methods.has(method)) {
        throw invalidModule(
          `Duplicate function '${method}' exported multiple times with different call types: update, query, or composite_query.`,
        )
      }
      methods.add(method)
      count++
      nameBytes += encoder.encode(method).length
    } else if (entry.name.startsWith('canister_') && !entryPoints.has(entry.name)) {
      throw invalidExport(`Exporting reserved function '${entry.name}' with "canister_" prefix`)
    }
    if (prefix !== undefined || entryPoints.has(entry.name)) checkSignature(entry.name, entry.type ?? nothing, nothing)
  }
  const which = 'called `canister_update <name>`, `canister_query <name>`, or `canister_composite_query <name>`'
  const { exportedMethods: maxCount, exportedMethodNameBytes: maxBytes } = moduleLimits
  if (count > maxCount) throw invalidModule(`The number of exported functions ${which} is ${count} which exceeds ${maxCount}.`)
  if (nameBytes > maxBytes) {
    throw invalidModule(
      `The sum of \`<name>\` lengths in exported functions ${which} is ${nameBytes} which exceeds the allowed limit of ${maxBytes}.`,
    )
  }
}

function invalidExport(text: string) {
  return invalidModule(`Wasm module has an invalid export section. ${text}`)
}
