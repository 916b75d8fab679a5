import type { ByteReader } from '../binary/byteReader.ts'
import type { ValueType } from '../facts.ts'
import { WasmError } from '../wasmError.ts'
import { refusedTypes } from './proposals.ts'

const byByte: Readonly<Record<number, ValueType>> = {
  0x7f: 'i32',
  0x7e: 'i64',
  0x7d: 'f32',
  0x7c: 'f64',
  0x7b: 'v128',
  0x70: 'funcref',
  0x6f: 'externref',
}

/** Type byte of each value type. */
export const typeByte: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  funcref: 0x70,
  externref: 0x6f,
}

export function readValueType(reader: ByteReader): ValueType {
  const start = reader.position
  const byte = reader.byte()
  const type = byByte[byte]
  if (type === undefined) throw new WasmError(refusedTypes[byte] ?? 'invalid value type', start)
  return type
}

export function readReferenceType(reader: ByteReader): 'funcref' | 'externref' {
  const type = readValueType(reader)
  return type === 'funcref' || type === 'externref' ? type : reader.fail('reference type expected')
}
