/** Whether the network would take a module. @see Interface specification, "Canister module format". */
import { type BodyFacts, type ModuleFacts, WasmError, readModule } from '@tidemark/wasm'
import { checkCustomSections } from './customSections.ts'
import { checkExports } from './exports.ts'
import { checkImports } from './imports.ts'
import { checkCodeSection, checkStructure, engineError } from './structure.ts'

export { decodeModule } from './decodeModule.ts'

/**
 * Checks a raw module in the order of the reference.
 *
 * @param experimentalHooks - whether it may import what only networks with experimental hooks offer
 * @param bodies - what an earlier check of the same bytes found in the bodies, which then are not read again
 * @throws RejectError `CanisterInvalidWasm` with the text of the first rule that it breaks
 */
export function validateIcModule(bytes: Uint8Array, experimentalHooks = false, bodies?: BodyFacts): ModuleFacts {
  const facts = read(bytes, bodies)
  checkCodeSection(facts)
  checkImports(facts, experimentalHooks)
  checkExports(facts)
  checkStructure(facts)
  checkCustomSections(facts)
  return facts
}

function read(bytes: Uint8Array, bodies: BodyFacts | undefined): ModuleFacts {
  try {
    return readModule(bytes, bodies)
  } catch (error) {
    if (error instanceof WasmError) throw engineError(error.message)
    throw error
  }
}
