/** What follows an opcode in the byte stream. */
export type Immediate =
  | 'none'
  | 'block'
  | 'label'
  | 'labels'
  | 'function'
  | 'indirect'
  | 'types'
  | 'local'
  | 'global'
  | 'table'
  | 'memory'
  | 'memoryIndex'
  | 'memoryCopy'
  | 'memoryInit'
  | 'memoryLane'
  | 'data'
  | 'element'
  | 'tableInit'
  | 'tableCopy'
  | 'heapType'
  | 'i32'
  | 'i64'
  | 'f32'
  | 'f64'
  | 'v128'
  | 'shuffle'
  | 'lane'

/**
 * One opcode: `[byte (after the prefix), name, immediate, stack effect, weight, complexity]`.
 *
 * The stack effect reads `operands:results`: `i` i32, `I` i64, `f` f32, `F` f64, `V` v128, `r` reference, `A` address of the
 * memory, `T` index of the table, `?` any type. Effects of calls and block ends depend on their immediates and are left out.
 * Weight is the instruction charge, complexity the measure that the Internet Computer bounds per function.
 */
export type OpcodeRow = readonly [number, string, Immediate, string, number, number]
