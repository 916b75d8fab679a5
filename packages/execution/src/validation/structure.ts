/** Sizes and counts of a module, data segments, globals, and instructions that the network refuses. */
import type { ModuleFacts } from '@tidemark/wasm'
import { invalidModule } from './decodeModule.ts'
import { moduleLimits } from './moduleLimits.ts'

const refusedOpcodes = new Set(['table.grow', 'table.set', 'table.fill', 'table.copy', 'table.init', 'return_call', 'return_call_indirect'])
const globalTypes = new Set(['i32', 'i64', 'f32', 'f64', 'v128'])

/** @throws RejectError `CanisterInvalidWasm` */
export function checkCodeSection({ codeSectionSize }: ModuleFacts): void {
  const max = moduleLimits.codeSectionBytes
  if (codeSectionSize > max)
    throw invalidModule(`Wasm module code section size of ${codeSectionSize} exceeds the maximum allowed size of ${max}.`)
}

/** @throws RejectError `CanisterInvalidWasm` */
export function checkStructure(facts: ModuleFacts): void {
  for (const segment of facts.dataSegments) {
    if (segment.active && !segment.plainOffset) {
      throw invalidModule('Wasm module has an invalid data section. Offsets in data segments must be plain constants.')
    }
  }
  const defined = facts.globals.filter((global) => !global.imported)
  if (defined.length > moduleLimits.globals) {
    throw invalidModule(`Wasm module defined ${defined.length} globals which exceeds the maximum number allowed ${moduleLimits.globals}.`)
  }
  for (const { type } of defined) if (!globalTypes.has(type)) throw engineError(`globals of type ${type} are not supported`)
  if (facts.functionCount > moduleLimits.functions) {
    throw invalidModule(
      `Wasm module defined ${facts.functionCount} functions, which exceeds the maximum number allowed ${moduleLimits.functions}.`,
    )
  }
  checkMemory(facts)
  checkFunctions(facts)
}

function checkMemory({ memory }: ModuleFacts): void {
  if (memory?.address !== 'i64') return
  const pages = Math.max(memory.initialPages, memory.maximumPages ?? 0)
  if (pages > moduleLimits.heapPages64) {
    throw invalidModule(`Wasm memory size of ${pages} pages exceeds the maximum allowed size of ${moduleLimits.heapPages64} pages.`)
  }
}

function checkFunctions({ functions, usedOpcodes }: ModuleFacts): void {
  functions.complexity.forEach((complexity, index) => {
    if (complexity > moduleLimits.functionComplexity) {
      throw invalidModule(
        `Wasm module contains a function at index ${index} with complexity ${complexity} which exceeds the maximum complexity allowed ${moduleLimits.functionComplexity}.`,
      )
    }
  })
  functions.instructions.forEach((size, index) => {
    if (size > moduleLimits.functionInstructions) {
      throw invalidModule(
        `Wasm module contains a function at index ${index} of size ${size} that exceeds the maximum allowed size of ${moduleLimits.functionInstructions}.`,
      )
    }
  })
  const refused = usedOpcodes.find((name) => refusedOpcodes.has(name))
  if (refused !== undefined) throw engineError(`unsupported instruction ${refused}`)
}

/** A module that the engine's own validation refuses. */
export function engineError(text: string) {
  return invalidModule(`wasmtime::Module::validate() failed with ${text}`)
}
