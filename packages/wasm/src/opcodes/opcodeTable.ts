import { coreOpcodes } from './coreOpcodes.ts'
import type { Immediate, OpcodeRow } from './opcodeRow.ts'
import { prefixedOpcodes } from './prefixedOpcodes.ts'
import { vectorOpcodes } from './vectorOpcodes.ts'

/** Added to the opcode byte behind prefix 0xfc and 0xfd: every opcode has one number below `opcodeCount`. */
export const miscBase = 0x100
export const vectorBase = 0x200
export const opcodeCount = 0x300

/** Immediate kinds as small numbers for the scanning loop; -1 in `immediateOf` marks an unknown opcode. */
export const immediateKinds = {
  none: 0,
  local: 1,
  i32: 2,
  memory: 3,
  global: 4,
  i64: 5,
  label: 6,
  block: 7,
  function: 8,
  indirect: 9,
  labels: 10,
  f32: 11,
  f64: 12,
  v128: 13,
  shuffle: 14,
  lane: 15,
  memoryLane: 16,
  memoryIndex: 17,
  memoryCopy: 18,
  memoryInit: 19,
  data: 20,
  element: 21,
  table: 22,
  tableInit: 23,
  tableCopy: 24,
  heapType: 25,
  types: 26,
} as const satisfies Record<Immediate, number>

export interface Opcode {
  readonly code: number
  readonly name: string
  readonly immediate: Immediate
  /** Operand letters, see `OpcodeRow`. */
  readonly operands: string
  readonly results: string
  readonly weight: number
  readonly complexity: number
}

const rowsWithBase: readonly (readonly [number, readonly OpcodeRow[]])[] = [
  [0, coreOpcodes],
  [miscBase, prefixedOpcodes],
  [vectorBase, vectorOpcodes],
]

/** Every opcode that the instrumenter knows, in the order of their numbers. */
export const opcodes: readonly Opcode[] = rowsWithBase.flatMap(([base, rows]) =>
  rows.map(([byte, name, immediate, effect, weight, complexity]) => {
    const [operands = '', results = ''] = effect.split(':')
    return { code: base + byte, name, immediate, operands, results, weight, complexity }
  }),
)

const byName = new Map(opcodes.map((opcode) => [opcode.name, opcode]))

/** The opcode of that name, for example `i32.add`. */
export function findOpcode(name: string): Opcode | undefined {
  return byName.get(name)
}

/** Whether the opcode loads from or stores to memory by an address and an offset. */
export function isMemoryAccess(opcode: Opcode): boolean {
  return opcode.immediate === 'memory' || opcode.immediate === 'memoryLane'
}

/** Bytes that a load or store of this name touches. */
export function accessSize(opcode: Opcode): number {
  const [type = '', operation = ''] = opcode.name.split('.')
  const lanes = /^load(\d+)x(\d+)_/.exec(operation)
  if (lanes) return 8
  const bits = /^(?:load|store)(\d+)/.exec(operation)
  if (bits) return Number(bits[1]) / 8
  return type === 'v128' ? 16 : type.endsWith('64') ? 8 : 4
}

/** Per opcode number: kind of immediate (or -1), stack height change, trap and NaN behaviour. */
export const immediateOf = new Int8Array(opcodeCount).fill(-1)
export const popsOf = new Uint8Array(opcodeCount)
export const pushesOf = new Uint8Array(opcodeCount)
export const complexityOf = new Uint8Array(opcodeCount)
/** 0 never traps; 1 traps by its operands. Memory accesses are not marked: they depend on the checks that are generated. */
export const trapsOf = new Uint8Array(opcodeCount)
/** 0: no new NaN; 1 f32, 2 f64, 3 f32x4, 4 f64x2: the result may be a NaN that must be made canonical. */
export const nanOf = new Uint8Array(opcodeCount)
/** 0 no access, else the bytes touched. */
export const accessSizeOf = new Uint8Array(opcodeCount)
/** 1 for accesses that write. */
export const storesOf = new Uint8Array(opcodeCount)
/** Accesses that take a value besides the address: 1 i32, 2 i64, 3 f32, 4 f64, 5 v128. */
export const storedOperandOf = new Uint8Array(opcodeCount)

const arithmetic = /^(f32|f64|f32x4|f64x2)\.(add|sub|mul|div|min|max|sqrt|ceil|floor|trunc|nearest|demote_\w+|promote_\w+)$/
const nanShapes = ['', 'f32', 'f64', 'f32x4', 'f64x2']
const trapping = /^(i32|i64)\.(div_|rem_|trunc_f)|^table\.(get|set|fill|copy|init)$|^unreachable$/

for (const opcode of opcodes) {
  const { code, name } = opcode
  immediateOf[code] = immediateKinds[opcode.immediate]
  popsOf[code] = opcode.operands.length
  pushesOf[code] = opcode.results.length
  complexityOf[code] = opcode.complexity
  trapsOf[code] = trapping.test(name) ? 1 : 0
  const float = arithmetic.exec(name)
  nanOf[code] = float ? nanShapes.indexOf(float[1] ?? '') : 0
  if (isMemoryAccess(opcode)) {
    accessSizeOf[code] = accessSize(opcode)
    storesOf[code] = name.includes('.store') ? 1 : 0
    storedOperandOf[code] = 'iIfFV'.indexOf(opcode.operands[1] ?? '-') + 1
  }
}
