import type { ByteReader } from '../binary/byteReader.ts'
import type { ByteWriter } from '../binary/byteWriter.ts'
import type { Range } from './layout.ts'

const end = 0x0b
const globalGet = 0x23
const refFunc = 0xd2

/** What a constant expression is, as far as that can be seen without its types. */
export interface ConstantExpression {
  readonly range: Range
  /** Value of one integer constant, unsigned; undefined for any other expression. */
  readonly constant: bigint | undefined
  /** Several opcodes: it computes something. */
  readonly computes: boolean
  /** The largest index of the globals that it reads; -1 when it reads none. */
  readonly global: number
}

/** Skips a constant expression. */
export function skipConstantExpression(reader: ByteReader): ConstantExpression {
  const start = reader.position
  const first = reader.bytes[start]
  let opcodes = 0
  let global = -1
  for (;;) {
    const opcode = reader.byte()
    if (opcode === end) break
    if (opcode === globalGet) global = Math.max(global, reader.u32())
    else skipImmediate(reader, opcode)
    opcodes++
  }
  const bits = opcodes !== 1 ? undefined : first === 0x41 ? 32 : first === 0x42 ? 64 : undefined
  const constant = bits === undefined ? undefined : BigInt.asUintN(bits, signedLeb(reader.bytes, start + 1))
  return { range: { start, end: reader.position }, constant, computes: opcodes > 1, global }
}

/** The number that stands there; its end was found before. */
function signedLeb(bytes: Uint8Array, start: number): bigint {
  let value = 0n
  for (let at = start, shift = 0n; ; at++, shift += 7n) {
    const byte = bytes[at] ?? 0
    value |= BigInt(byte & 127) << shift
    if (byte < 128) return BigInt.asIntN(Number(shift) + 7, value)
  }
}

function skipImmediate(reader: ByteReader, opcode: number): void {
  switch (opcode) {
    case 0x41: // i32.const
    case globalGet:
    case refFunc:
      return reader.skipLeb(5)
    case 0x42: // i64.const
      return reader.skipLeb(10)
    case 0x43: // f32.const
      reader.skip(4)
      return
    case 0x44: // f64.const
      reader.skip(8)
      return
    case 0xd0: // ref.null
      reader.skip(1)
      return
    case 0x6a: // i32.add, i32.sub, i32.mul and their i64 forms
    case 0x6b:
    case 0x6c:
    case 0x7c:
    case 0x7d:
    case 0x7e:
      return
    case 0xfd:
      if (reader.u32() !== 0x0c) reader.fail('constant expression required')
      reader.skip(16)
      return
    default:
      reader.fail('constant expression required')
  }
}

/** Writes an expression again with its function indices renumbered; without its `end` if `open`. */
export function copyConstantExpression(
  reader: ByteReader,
  range: Range,
  writer: ByteWriter,
  renumber: (functionIndex: number) => number,
  open = false,
): void {
  reader.position = range.start
  for (;;) {
    const start = reader.position
    const opcode = reader.byte()
    if (opcode === end) break
    if (opcode === refFunc) {
      writer.byte(refFunc)
      writer.u32(renumber(reader.u32()))
    } else {
      skipImmediate(reader, opcode)
      writer.copy(reader.bytes, start, reader.position)
    }
  }
  if (!open) writer.byte(end)
}
