/** Types of functions that the network prescribes. */
import type { FunctionType, ValueType } from '@tidemark/wasm'
import { invalidSignature } from './invalidModule.ts'

const typeNames: Readonly<Record<ValueType, string>> = {
  i32: 'I32',
  i64: 'I64',
  f32: 'F32',
  f64: 'F64',
  v128: 'V128',
  funcref: 'FuncRef',
  externref: 'ExternRef',
}

/** @throws RejectError `CanisterInvalidWasm` when a function has other parameters or results than it must have */
export function checkSignature(name: string, actual: FunctionType, expected: FunctionType): void {
  if (actual.params.join() !== expected.params.join()) {
    throw invalidSignature(`Expected input params ${list(expected.params)} for '${name}', got ${list(actual.params)}.`)
  }
  if (actual.results.join() !== expected.results.join()) {
    throw invalidSignature(`Expected return type ${list(expected.results)} for '${name}', got ${list(actual.results)}.`)
  }
}

function list(types: readonly ValueType[]): string {
  return `[${types.map((type) => typeNames[type]).join(', ')}]`
}
