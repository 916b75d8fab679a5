import { ByteWriter } from './byteWriter.ts'

/** Opcodes that generated code uses, by the number that stands in the byte stream. */
export const code = {
  unreachable: 0x00,
  loop: 0x03,
  end: 0x0b,
  return: 0x0f,
  drop: 0x1a,
  select: 0x1b,
  i64Load: 0x29,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32LtU: 0x49,
  i32GtU: 0x4b,
  i32GeU: 0x4f,
  i64Eqz: 0x50,
  i64Eq: 0x51,
  i64Ne: 0x52,
  i64LtS: 0x53,
  i64LtU: 0x54,
  i64GtU: 0x56,
  i64LeU: 0x58,
  f32Eq: 0x5b,
  f64Eq: 0x61,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32And: 0x71,
  i32Or: 0x72,
  i32Shl: 0x74,
  i32ShrU: 0x76,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64And: 0x83,
  i64Or: 0x84,
  i64Shl: 0x86,
  i64ShrU: 0x88,
  i32WrapI64: 0xa7,
  i64ExtendI32U: 0xad,
  f64ConvertI32U: 0xb8,
  f64ConvertI64S: 0xb9,
  f64ConvertI64U: 0xba,
  /** Behind the prefix of vector opcodes, all below 128. */
  v128Or: 0x50,
  v128Xor: 0x51,
  v128AnyTrue: 0x53,
} as const

/** Loads and stores of generated code: opcode and natural alignment. */
export const access = {
  load32: [0x28, 2],
  load64: [0x29, 3],
  load8u: [0x2d, 0],
  store32: [0x36, 2],
  store64: [0x37, 3],
  store8: [0x3a, 0],
} as const

const voidBlock = 0x40

/** Writes instructions one call each: what the generated code is spelled in. */
export class CodeWriter extends ByteWriter {
  op(...opcodes: readonly number[]): this {
    for (const opcode of opcodes) this.byte(opcode)
    return this
  }

  indexed(opcode: number, index: number): this {
    this.byte(opcode)
    this.u32(index)
    return this
  }

  get(local: number): this {
    return this.indexed(0x20, local)
  }

  set(local: number): this {
    return this.indexed(0x21, local)
  }

  tee(local: number): this {
    return this.indexed(0x22, local)
  }

  getGlobal(global: number): this {
    return this.indexed(0x23, global)
  }

  setGlobal(global: number): this {
    return this.indexed(0x24, global)
  }

  call(functionIndex: number): this {
    return this.indexed(0x10, functionIndex)
  }

  branch(label: number): this {
    return this.indexed(0x0c, label)
  }

  branchIf(label: number): this {
    return this.indexed(0x0d, label)
  }

  i32(value: number): this {
    this.byte(0x41)
    this.signed(value)
    return this
  }

  i64(value: number): this {
    this.byte(0x42)
    this.signed(value)
    return this
  }

  block(): this {
    return this.op(0x02, voidBlock)
  }

  loop(): this {
    return this.op(0x03, voidBlock)
  }

  if(): this {
    return this.op(0x04, voidBlock)
  }

  else(): this {
    return this.op(0x05)
  }

  end(): this {
    return this.op(code.end)
  }

  /** A load or store in the given memory at a constant offset. */
  at([opcode, align]: readonly [number, number], memory: number, offset: number): this {
    this.byte(opcode)
    this.byte(memory === 0 ? align : align | 0x40)
    if (memory !== 0) this.u32(memory)
    this.u32(offset)
    return this
  }

  /** An opcode behind the prefix of vector opcodes, without immediates. */
  vector(opcode: number): this {
    return this.op(0xfd, opcode)
  }

  /** `v128.load` in the given memory at a constant offset. */
  vectorLoad(memory: number, offset: number): this {
    return this.op(0xfd).at([0x00, 4], memory, offset)
  }

  /** `v128.store` in the given memory at a constant offset. */
  vectorStore(memory: number, offset: number): this {
    return this.op(0xfd).at([0x0b, 4], memory, offset)
  }

  /** `memory.copy` between memories. */
  copyMemory(target: number, source: number): this {
    this.op(0xfc, 0x0a)
    this.u32(target)
    this.u32(source)
    return this
  }
}
