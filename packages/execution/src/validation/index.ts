/** Whether the network would take a module. @see Interface specification, "Canister module format". */
import { type BodyFacts, type ModuleFacts, WasmError, codeSectionSize, readModule } from '@tidemark/wasm'
import { checkCustomSections } from './customSections.ts'
import { checkExports } from './exports.ts'
import { checkFunctionBodies } from './functionBodies.ts'
import { checkHostProvides, checkImports } from './imports.ts'
import { engineError, invalidModule } from './invalidModule.ts'
import { moduleLimits } from './moduleLimits.ts'
import { checkData, checkDataFits, checkFunctionCount, checkGlobals, checkInstance, checkMemory, checkTables } from './structure.ts'

export { decodeModule } from './decodeModule.ts'
export { engineError } from './invalidModule.ts'

/**
 * Checks a raw module in the order of the reference.
 *
 * @param experimentalHooks - whether it may import what only networks with experimental hooks offer
 * @param bodies - what an earlier check of the same bytes found in the bodies, which then are not read again
 * @throws RejectError `CanisterInvalidWasm` with the text of the first rule that it breaks; `CanisterWasmEngineError` for a
 *   valid module that cannot be instantiated
 */
export function validateIcModule(bytes: Uint8Array, experimentalHooks = false, bodies?: BodyFacts): ModuleFacts {
  checkCodeSection(bytes)
  const facts = read(bytes, bodies)
  checkImports(facts, experimentalHooks)
  checkExports(facts)
  checkTables(facts)
  checkData(facts)
  checkGlobals(facts)
  checkFunctionCount(facts)
  checkMemory(facts)
  checkFunctionBodies(bytes, facts)
  checkCustomSections(facts)
  checkDataFits(facts)
  checkHostProvides(facts)
  checkInstance(facts)
  return facts
}

function checkCodeSection(bytes: Uint8Array): void {
  const size = reading(
    () => codeSectionSize(bytes),
    (text) => invalidModule(`Failed to decode wasm module: Error finding code section: ${text}`),
  )
  const max = moduleLimits.codeSectionBytes
  if (size > max) throw invalidModule(`Wasm module code section size of ${size} exceeds the maximum allowed size of ${max}.`)
}

function read(bytes: Uint8Array, bodies: BodyFacts | undefined): ModuleFacts {
  const facts = reading(() => readModule(bytes, bodies), engineError)
  if (facts.extendedConstants) throw engineError('constant expression required: non-constant operator')
  return facts
}

function reading<T>(body: () => T, refusal: (text: string) => Error): T {
  try {
    return body()
  } catch (error) {
    if (error instanceof WasmError) throw refusal(error.message)
    throw error
  }
}
