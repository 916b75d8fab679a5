import { code, type CodeWriter } from '../binary/codeWriter.ts'
import { writeBody } from '../emit/madeParts.ts'
import type { ValueType } from '../facts.ts'
import type { RuntimeContext, RuntimeFunction } from './runtimeContext.ts'

/**
 * `grow(delta) -> old size or -1`: grows the logical size, and the memory itself where that is not large enough yet.
 *
 * Pages between the logical and the physical size are zero: only logged pages are ever written, and a rollback restores those.
 */
export function grow({ indices, options, wide, maximumPages }: RuntimeContext): RuntimeFunction {
  const address: ValueType = wide ? 'i64' : 'i32'
  const [delta, old, missing] = [0, 1, 2]
  const body = writeBody([[2, 'i64']], (out) => {
    const extend = (): CodeWriter => (wide ? out : out.op(code.i64ExtendI32U))
    const fail = (): CodeWriter => (wide ? out.i64(-1) : out.i32(-1)).op(code.return)
    const physical = (): void => {
      out.op(0x3f, 0)
      extend()
    }
    if (!options.tracked) {
      physical()
      out.setGlobal(indices.pages)
    }
    out.getGlobal(indices.pages).set(old)
    if (maximumPages !== undefined) {
      out.get(delta)
      extend()
      out.i64(maximumPages).getGlobal(indices.pages).op(code.i64Sub, code.i64GtU).if()
      fail()
      out.end()
    }
    // missing = delta - (physical - logical), compared without wrapping around.
    out.get(delta)
    extend()
    physical()
    out.get(old).op(code.i64Sub, code.i64GtU).if()
    out.get(delta)
    extend()
    physical()
    out.get(old).op(code.i64Sub, code.i64Sub).set(missing)
    out.get(missing)
    if (!wide) {
      // Beyond 32 bits cannot happen: missing <= delta.
      out.op(code.i32WrapI64)
    }
    out.op(0x40, 0)
    if (wide) out.i64(-1).op(code.i64Eq)
    else out.i32(-1).op(code.i32Eq)
    out.if()
    fail()
    out.end().end()
    out.get(old).get(delta)
    extend()
    out.op(code.i64Add).setGlobal(indices.pages)
    out.get(old).op(code.f64ConvertI64U).getGlobal(indices.pages).op(code.f64ConvertI64U).call(indices.host('memory_grown'))
    out.get(old)
    if (!wide) out.op(code.i32WrapI64)
  })
  return { params: [address], results: [address], body }
}

/** Charges a length operand, checks and marks the ranges of a bulk operation. */
function prepare({ indices, options, wide }: RuntimeContext, out: CodeWriter, length: number, ranges: readonly Range[]): void {
  const wideGet = (local: number): CodeWriter => (wide ? out.get(local) : out.get(local).op(code.i64ExtendI32U))
  wideGet(length).call(indices.runtime('take'))
  if (!options.tracked) return
  for (const { start } of ranges) {
    wideGet(start)
    wideGet(length).call(indices.runtime('bounds'))
  }
  wideGet(length).op(code.i64Eqz).if().op(code.return).end()
  for (const { start, kind } of ranges) {
    if (kind === 'rangeRead' && !options.checkLoads) continue
    wideGet(start)
    wideGet(length).call(indices.runtime(kind))
  }
}

interface Range {
  readonly start: number
  readonly kind: 'rangeRead' | 'rangeWrite'
}

/** `fill(target, value, length)`. */
export function fill(context: RuntimeContext): RuntimeFunction {
  const address: ValueType = context.wide ? 'i64' : 'i32'
  const [target, value, length] = [0, 1, 2]
  const body = writeBody([], (out) => {
    prepare(context, out, length, [{ start: target, kind: 'rangeWrite' }])
    out.get(target).get(value).get(length).op(0xfc, 0x0b, 0)
  })
  return { params: [address, 'i32', address], results: [], body }
}

/** `copy(target, source, length)`. */
export function copy(context: RuntimeContext): RuntimeFunction {
  const address: ValueType = context.wide ? 'i64' : 'i32'
  const [target, source, length] = [0, 1, 2]
  const body = writeBody([], (out) => {
    prepare(context, out, length, [
      { start: source, kind: 'rangeRead' },
      { start: target, kind: 'rangeWrite' },
    ])
    out.get(target).get(source).get(length).copyMemory(0, 0)
  })
  return { params: [address, address, address], results: [], body }
}
