/** Tables, data segments, globals, functions and the memory: kinds and numbers. */
import { type ModuleFacts, functionNames } from '@tidemark/wasm'
import { instantiationFailure, instrumentationFailure, invalidModule } from './invalidModule.ts'
import { moduleLimits } from './moduleLimits.ts'

const globalTypes = new Set(['i32', 'i64', 'f32', 'f64', 'v128'])
const nameShown = 100
const wasmPageBytes = 65_536n

/** @throws RejectError `CanisterInvalidWasm` */
export function checkTables({ tables }: ModuleFacts): void {
  const other = tables.find(({ element }) => element !== 'funcref')
  if (other !== undefined) {
    throw invalidModule(`Wasm module has an invalid table section. Table element type must be funcref, got ${other.element}`)
  }
}

/** @throws RejectError `CanisterInvalidWasm` */
export function checkData({ dataSegments, memory }: ModuleFacts): void {
  if (dataSegments.every(({ active, constantOffset }) => !active || constantOffset !== undefined)) return
  const bits = memory?.address === 'i64' ? 64 : 32
  throw invalidModule(`Wasm module has an invalid data section. Invalid offset expression in data segment for ${bits}bit memory`)
}

/**
 * Whether every active segment lies in the memory as the module starts it, empty ones too.
 *
 * @throws RejectError `CanisterInvalidWasm`
 */
export function checkDataFits({ dataSegments, memory }: ModuleFacts): void {
  const bytes = BigInt(memory?.initialPages ?? 0) * wasmPageBytes
  for (const { constantOffset, size } of dataSegments) {
    if (constantOffset === undefined || constantOffset + BigInt(size) <= bytes) continue
    throw instrumentationFailure(`Wasm module has invalid data segment of ${size} bytes at ${constantOffset}`)
  }
}

/** @throws RejectError `CanisterInvalidWasm` */
export function checkGlobals({ globals }: ModuleFacts): void {
  const max = moduleLimits.globals
  if (globals.length > max) {
    throw invalidModule(`Wasm module defined ${globals.length} globals which exceeds the maximum number allowed ${max}.`)
  }
  const other = globals.find(({ type }) => !globalTypes.has(type))
  if (other !== undefined) {
    throw invalidModule(`Wasm module has an invalid global section. Unsupported global type: Ref(${other.type})`)
  }
}

/** @throws RejectError `CanisterInvalidWasm` */
export function checkFunctionCount(facts: ModuleFacts): void {
  const { functions: max, functionNameBytes } = moduleLimits
  if (facts.functionCount > max) {
    throw invalidModule(`Wasm module defined ${facts.functionCount} functions which exceeds the maximum number allowed ${max}.`)
  }
  const nameSection = facts.customSections.find(({ name }) => name === 'name')
  if (nameSection === undefined || nameSection.contents.length <= functionNameBytes) return
  for (const [index, name] of functionNames(facts) ?? []) {
    const size = new TextEncoder().encode(name).length
    if (size <= functionNameBytes) continue
    throw invalidModule(
      `Wasm module contains a function at index ${index} with name '${name.slice(0, nameShown)}...' of size ${size} bytes that exceeds the maximum allowed size of ${functionNameBytes} bytes.`,
    )
  }
}

/** @throws RejectError `CanisterInvalidWasm` */
export function checkMemory({ memory }: ModuleFacts): void {
  if (memory?.address !== 'i64' || memory.initialPages <= moduleLimits.heapPages64) return
  throw invalidModule(
    `Wasm module declares an initial Wasm64 memory of ${memory.initialPages} pages which exceeds the maximum number allowed ${moduleLimits.heapPages64}.`,
  )
}

/**
 * What an instance of a valid module may not have.
 *
 * @throws RejectError `CanisterWasmEngineError`
 */
export function checkInstance({ tables }: ModuleFacts): void {
  const { tables: maxTables, tableElements: maxElements } = moduleLimits
  if (tables.length > maxTables) throw instantiationFailure(`resource limit exceeded: table count too high at ${tables.length}`)
  const large = tables.find(({ initial }) => initial > maxElements)
  if (large !== undefined) throw instantiationFailure(`table minimum size of ${large.initial} elements exceeds table limits`)
}
