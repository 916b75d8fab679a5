import type { OpcodeRow } from './opcodeRow.ts'

/** Opcodes behind the prefix 0xfc: saturating conversions, bulk memory, tables. */
export const prefixedOpcodes: readonly OpcodeRow[] = [
  [0x00, 'i32.trunc_sat_f32_s', 'none', 'f:i', 20, 3],
  [0x01, 'i32.trunc_sat_f32_u', 'none', 'f:i', 20, 3],
  [0x02, 'i32.trunc_sat_f64_s', 'none', 'F:i', 20, 3],
  [0x03, 'i32.trunc_sat_f64_u', 'none', 'F:i', 20, 3],
  [0x04, 'i64.trunc_sat_f32_s', 'none', 'f:I', 20, 3],
  [0x05, 'i64.trunc_sat_f32_u', 'none', 'f:I', 20, 3],
  [0x06, 'i64.trunc_sat_f64_s', 'none', 'F:I', 20, 3],
  [0x07, 'i64.trunc_sat_f64_u', 'none', 'F:I', 20, 3],
  [0x08, 'memory.init', 'memoryInit', 'Aii:', 100, 1],
  [0x09, 'data.drop', 'data', ':', 300, 1],
  [0x0a, 'memory.copy', 'memoryCopy', 'AAA:', 100, 4],
  [0x0b, 'memory.fill', 'memoryIndex', 'AiA:', 100, 3],
  [0x0c, 'table.init', 'tableInit', 'Tii:', 100, 1],
  [0x0d, 'elem.drop', 'element', ':', 300, 1],
  [0x0e, 'table.copy', 'tableCopy', 'TTT:', 100, 1],
  [0x0f, 'table.grow', 'table', 'rT:T', 300, 1],
  [0x10, 'table.size', 'table', ':T', 100, 1],
  [0x11, 'table.fill', 'table', 'TrT:', 100, 1],
]
