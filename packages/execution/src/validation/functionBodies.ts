/** What function bodies may contain, function by function. */
import { type ModuleFacts, firstTableChange } from '@tidemark/wasm'
import { invalidModule } from './invalidModule.ts'
import { moduleLimits } from './moduleLimits.ts'

/** Opcodes that change tables, which are no part of a canister's state. */
const refusedOpcodes = ['table.grow', 'table.set', 'table.fill', 'table.copy', 'table.init']

/**
 * @param bytes - the module itself; read again only to find which function has an opcode that is refused
 * @throws RejectError `CanisterInvalidWasm`
 */
export function checkFunctionBodies(bytes: Uint8Array, facts: ModuleFacts): void {
  const imported = facts.imports.filter(({ kind }) => kind === 'function').length
  const refused = refusedOpcodes.some((name) => facts.usedOpcodes.includes(name)) ? firstTableChange(bytes) : undefined
  const { functionComplexity: maxComplexity, functionInstructions: maxSize } = moduleLimits
  const { complexity, instructions } = facts.functions
  for (let at = 0; at < facts.functionCount; at++) {
    const where = `Wasm module contains a function at index ${imported + at}`
    if (refused?.functionIndex === imported + at) throw invalidModule(`${where} with unsupported instruction ${refused.opcode}.`)
    const complex = complexity[at] ?? 0
    if (complex > maxComplexity) {
      throw invalidModule(`${where} with complexity ${complex} which exceeds the maximum complexity allowed ${maxComplexity}.`)
    }
    const size = instructions[at] ?? 0
    if (size > maxSize) throw invalidModule(`${where} of size ${size} that exceeds the maximum allowed size of ${maxSize}.`)
  }
}
