import { CodeWriter } from '../../src/binary/codeWriter.ts'
import type { Opcode } from '../../src/opcodes/opcodeTable.ts'

/** How a value of an operand letter crosses to JavaScript without losing bits: i32 and i64 parameters only. */
const carriers: Readonly<Record<string, readonly number[]>> = { i: [0x7f], I: [0x7e], f: [0x7f], F: [0x7e], V: [0x7e, 0x7e] }

export interface OpcodeModuleShape {
  readonly memory?: 'i32' | 'i64'
  readonly offset?: number
}

/**
 * A module that exports `run`: the parameters are the opcode's operands as bits, the results are its results as bits.
 * With a memory it has two pages, `size` bytes of which hold a pattern, and the memory is exported.
 */
export function opcodeModule(opcode: Opcode, { memory, offset = 0 }: OpcodeModuleShape = {}): Uint8Array<ArrayBuffer> {
  const letters = (text: string): string[] => [...text].map((letter) => (letter === 'A' ? (memory === 'i64' ? 'I' : 'i') : letter))
  const operands = letters(opcode.operands)
  const results = letters(opcode.results)
  const out = new CodeWriter(512)
  out.op(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)
  const params = operands.flatMap((letter) => carriers[letter] ?? [])
  const returned = results.flatMap((letter) => carriers[letter] ?? [])
  section(out, 1, (body) => body.op(1, 0x60, params.length, ...params, returned.length, ...returned))
  section(out, 3, (body) => body.op(1, 0))
  if (memory) section(out, 5, (body) => body.op(1, memory === 'i64' ? 4 : 0, 2))
  section(out, 7, (body) => {
    body.op(memory ? 2 : 1)
    body.name('run')
    body.op(0, 0)
    if (!memory) return
    body.name('memory')
    body.op(2, 0)
  })
  section(out, 10, (body) => {
    body.op(1)
    const start = body.openLength()
    const scratch = params.length
    body.op(1, 1, 0x7b)
    let param = 0
    for (const letter of operands) param = pushOperand(body, letter, param)
    pushOpcode(body, opcode, offset)
    if (results[0] === 'V') {
      body.set(scratch).get(scratch).op(0xfd, 0x1d, 0).get(scratch).op(0xfd, 0x1d, 1)
    } else if (results[0] === 'f') body.op(0xbc)
    else if (results[0] === 'F') body.op(0xbd)
    body.end()
    body.fillLength(start)
  })
  return out.buffer.slice(0, out.length)
}

function section(out: CodeWriter, id: number, write: (body: CodeWriter) => unknown): void {
  out.byte(id)
  const start = out.openLength()
  write(out)
  out.fillLength(start)
}

function pushOperand(out: CodeWriter, letter: string, param: number): number {
  out.get(param)
  if (letter === 'f') out.op(0xbe)
  if (letter === 'F') out.op(0xbf)
  if (letter !== 'V') return param + 1
  // i64x2.splat, then i64x2.replace_lane 1.
  out
    .op(0xfd, 0x12)
    .get(param + 1)
    .op(0xfd, 0x1e, 1)
  return param + 2
}

function pushOpcode(out: CodeWriter, { code: number, immediate }: Opcode, offset: number): void {
  if (number < 0x100) out.op(number)
  else {
    out.byte(number < 0x200 ? 0xfc : 0xfd)
    out.u32(number & 0xff)
  }
  if (immediate === 'memory' || immediate === 'memoryLane') {
    out.byte(0)
    out.u32(offset)
  }
  if (immediate === 'lane' || immediate === 'memoryLane') out.byte(1)
  if (immediate === 'shuffle') for (let lane = 0; lane < 16; lane++) out.byte((lane * 7) % 32)
}
