import { code, type CodeWriter } from '../binary/codeWriter.ts'
import type { ModuleLayout } from '../decode/layout.ts'
import type { FunctionType, ValueType } from '../facts.ts'
import type { ImportAdapter } from '../options.ts'
import type { ResolvedOptions } from '../resolvedOptions.ts'
import type { CountedTypes } from './countedTypes.ts'
import type { MadeParts } from './madeParts.ts'
import type { OutputIndices } from './outputIndices.ts'

/** Charges up to this are taken without asking whether they are too large. */
const largestPlainCharge = 2 ** 32
/** Byte lengths beyond this are charged as this: the charge stays far below where the counter could wrap. */
const largestLength = 2 ** 48

/**
 * Makes a wrapper for each imported function that has an adapter, and tells the type under which each function is imported.
 *
 * A wrapper charges, tests, converts and calls; every reference to the import goes to it.
 */
export function makeImportWrappers(
  layout: ModuleLayout,
  options: ResolvedOptions,
  indices: OutputIndices,
  made: MadeParts,
): Map<number, number> {
  const importTypes = new Map<number, number>()
  let functionIndex = 0
  for (const entry of layout.imports) {
    if (entry.kind !== 'function') continue
    const index = functionIndex++
    const adapter = options.imports[`${entry.module}.${entry.name}`]
    const type = layout.types[entry.typeIndex]
    if (!adapter || !type) continue
    const host = hostType(type, adapter)
    importTypes.set(index, made.type(host.params, host.results))
    indices.importWrappers.set(
      index,
      made.function({ params: type.params, results: type.results }, [], (out) =>
        writeWrapper(out, type, adapter, { indices, options }, index),
      ),
    )
  }
  return importTypes
}

/** Makes what stands for imported functions where a function is handed the counter and has to give it back: in tables, and for tail calls. */
export function makeCountedImports(layout: ModuleLayout, counted: CountedTypes, indices: OutputIndices, made: MadeParts): void {
  for (let index = 0; index < layout.importedFunctions; index++) {
    const typeIndex = layout.functionTypes[index] ?? 0
    const type = layout.types[typeIndex]
    if (!type || !counted.isCounted(typeIndex)) continue
    const results = [...type.results, 'i64' as const]
    const params = [...type.params, 'i64' as const, 'i64' as const]
    const [counter, depth] = [type.params.length, type.params.length + 1]
    const adapter = made.function({ params, results }, [], (out) => {
      out.get(counter).setGlobal(indices.counter).get(depth).setGlobal(indices.depth)
      type.params.forEach((_, param) => out.get(param))
      out.call(indices.function(index)).getGlobal(indices.counter)
    })
    indices.countedImports.set(index, adapter)
  }
}

function hostType(type: FunctionType, adapter: ImportAdapter): FunctionType {
  const params = type.params.map((param, index) => (isNumber(adapter.hostParams?.[index], param) ? 'f64' : param))
  const results = type.results.map((result) => (isNumber(adapter.hostResult, result) ? 'f64' : result))
  return { params, results }
}

function isNumber(as: 'same' | 'f64' | undefined, type: ValueType): boolean {
  return as === 'f64' && (type === 'i32' || type === 'i64')
}

function writeWrapper(
  out: CodeWriter,
  type: FunctionType,
  adapter: ImportAdapter,
  { indices, options }: { readonly indices: OutputIndices; readonly options: ResolvedOptions },
  target: number,
): void {
  const fixed = adapter.fixedCost ?? 0
  const perByte = adapter.perByteCost ?? 0
  const sizes = adapter.sizeParam === undefined || perByte === 0 ? [] : [adapter.sizeParam].flat()
  // A small constant can neither wrap the counter around nor be more than one operation may cost.
  if (sizes.length > 0 || fixed > Math.min(largestPlainCharge, options.operationLimit ?? largestPlainCharge)) {
    out.i64(fixed)
    for (const size of sizes) {
      writeLength(out, type.params[size] ?? 'i32', size)
      out.i64(perByte).op(code.i64Mul, code.i64Add)
    }
    out.call(indices.runtime('take'))
  } else if (fixed !== 0) {
    out.getGlobal(indices.counter).i64(fixed).op(code.i64Sub).setGlobal(indices.counter)
    out.getGlobal(indices.counter).i64(0).op(code.i64LtS)
    out.if().call(indices.host('out_of_instructions')).op(code.unreachable).end()
  }
  type.params.forEach((param, index) => {
    out.get(index)
    if (isNumber(adapter.hostParams?.[index], param)) out.op(param === 'i64' ? code.f64ConvertI64U : code.f64ConvertI32U)
  })
  out.call(target)
  const [result] = type.results
  if (result !== undefined && isNumber(adapter.hostResult, result)) {
    // Signed, so that a host may answer -1; i64.trunc_sat_f64_s cannot trap.
    out.op(0xfc, 0x06)
    if (result === 'i32') out.op(code.i32WrapI64)
  }
}

function writeLength(out: CodeWriter, type: ValueType, param: number): void {
  if (type === 'i32') {
    out.get(param).op(code.i64ExtendI32U)
    return
  }
  out.get(param).i64(largestLength).get(param).i64(largestLength).op(code.i64LtU, code.select)
}
