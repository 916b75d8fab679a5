/** Whether the network would take a module. @see Interface specification, "Canister module format". */
import { type ModuleFacts, WasmError, readModule } from '@tidemark/wasm'
import { checkCustomSections } from './customSections.ts'
import { checkExports } from './exports.ts'
import { checkImports } from './imports.ts'
import { checkCodeSection, checkStructure, engineError } from './structure.ts'

export { decodeModule } from './decodeModule.ts'

/**
 * Checks a raw module in the order of the reference.
 *
 * @param experimentalHooks - whether it may import what only networks with experimental hooks offer
 * @throws RejectError `CanisterInvalidWasm` with the text of the first rule that it breaks
 */
export function validateIcModule(bytes: Uint8Array, experimentalHooks = false): ModuleFacts {
  const facts = read(bytes)
  checkCodeSection(facts)
  checkImports(facts, experimentalHooks)
  checkExports(facts)
  checkStructure(facts)
  checkCustomSections(facts)
  return facts
}

function read(bytes: Uint8Array): ModuleFacts {
  try {
    return readModule(bytes)
  } catch (error) {
    if (error instanceof WasmError) throw engineError(error.message)
    throw error
  }
}
