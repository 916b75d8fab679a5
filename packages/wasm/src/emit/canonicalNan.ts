import { code, type CodeWriter } from '../binary/codeWriter.ts'

/** Shapes as in the opcode table's NaN column. */
const shapes = { f32: 1, f64: 2, f32x4: 3, f64x2: 4 } as const

/**
 * Replaces the value on top of the stack by the canonical NaN if it is one (per lane for vectors): engines differ in the
 * payload and sign of the NaNs they produce.
 */
export function emitCanonicalNan(shape: number, scratch: number, out: CodeWriter): void {
  out.tee(scratch)
  switch (shape) {
    case shapes.f32:
      out.op(0x43, 0, 0, 0xc0, 0x7f).get(scratch).get(scratch).op(code.f32Eq, code.select)
      return
    case shapes.f64:
      out.op(0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f).get(scratch).get(scratch).op(code.f64Eq, code.select)
      return
    default: {
      const lane = shape === shapes.f32x4 ? [0, 0, 0xc0, 0x7f] : [0, 0, 0, 0, 0, 0, 0xf8, 0x7f]
      out.op(0xfd, 0x0c)
      for (let written = 0; written < 16; written += lane.length) out.op(...lane)
      out.get(scratch).get(scratch)
      // f32x4.eq or f64x2.eq, then v128.bitselect.
      out.op(0xfd, shape === shapes.f32x4 ? 0x41 : 0x47).op(0xfd, 0x52)
    }
  }
}
