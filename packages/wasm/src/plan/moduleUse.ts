import { opcodeCount } from '../opcodes/opcodeTable.ts'

/** What the bodies of a module, as far as they were scanned, use of it. */
export class ModuleUse {
  /** 1 for every opcode number that occurs. */
  readonly opcodes = new Uint8Array(opcodeCount)
  /** Functions named by `ref.func`. */
  readonly referenced = new Set<number>()
  /** Tables that bodies change, and those that they grow. */
  readonly mutatedTables = new Set<number>()
  readonly grownTables = new Set<number>()
}
