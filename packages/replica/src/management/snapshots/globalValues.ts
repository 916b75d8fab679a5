/** Globals between their bits and Candid. */
import type { managementTypes } from '@tidemark/bindings'
import type { GlobalValue } from '@tidemark/state'

/** A global as Candid has it. Numbers of JavaScript may lose the payload of a NaN on the way: a snapshot keeps it, its metadata may not. */
export function globalVariant(global: GlobalValue): managementTypes.GlobalValue {
  const view = new DataView(new ArrayBuffer(8))
  switch (global.type) {
    case 'i32':
      return { i32: global.value }
    case 'i64':
      return { i64: global.value }
    case 'f32':
      view.setUint32(0, global.bits)
      return { f32: view.getFloat32(0) }
    case 'f64':
      view.setBigUint64(0, global.bits)
      return { f64: view.getFloat64(0) }
    case 'v128':
      return { v128: global.bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n) }
  }
}

/** @returns undefined for a vector that does not fit into 128 bits */
export function parseGlobal(global: managementTypes.GlobalValue): GlobalValue | undefined {
  const view = new DataView(new ArrayBuffer(8))
  if ('i32' in global) return { type: 'i32', value: global.i32 }
  if ('i64' in global) return { type: 'i64', value: global.i64 }
  if ('f32' in global) {
    view.setFloat32(0, global.f32)
    return { type: 'f32', bits: view.getUint32(0) }
  }
  if ('f64' in global) {
    view.setFloat64(0, global.f64)
    return { type: 'f64', bits: view.getBigUint64(0) }
  }
  if (global.v128 >> 128n > 0n) return undefined
  return { type: 'v128', bytes: Uint8Array.from({ length: 16 }, (_, i) => Number((global.v128 >> BigInt(8 * i)) & 0xffn)) }
}
