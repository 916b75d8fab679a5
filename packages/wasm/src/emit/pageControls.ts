import { access, code, type CodeWriter } from '../binary/codeWriter.ts'
import { chunkCountAt, firstWriteAt, logCountAt, logEntryBytes, loggedIndexAt } from '../runtime/mapLayout.ts'
import type { RuntimeContext } from '../runtime/runtimeContext.ts'
import type { Control, ControlName } from './controls.ts'

const pageBytes = 4096
const pageShift = 12
const truncateUnsigned = [0xfc, 0x07] as const

/** Controls of memory: logical size, host accesses, and what a message wrote. */
export function pageControls(context: RuntimeContext): Partial<Record<ControlName, Control>> {
  const { indices, hasMemory, options } = context
  if (!hasMemory) return {}
  const sizes: Partial<Record<ControlName, Control>> = {
    pages: { params: [], results: ['f64'], write: (out) => out.getGlobal(indices.pages).op(code.f64ConvertI64U) },
    set_pages: {
      params: ['f64'],
      results: [],
      write: (out) => {
        out.get(0)
        out.op(...truncateUnsigned).setGlobal(indices.pages)
      },
    },
  }
  return options.tracked ? { ...sizes, ...accessControls(context), ...recordControls(context) } : sizes
}

function accessControls({ indices, options }: RuntimeContext): Partial<Record<ControlName, Control>> {
  const range = (out: CodeWriter, mark: 'rangeRead' | 'rangeWrite' | undefined): void => {
    const [address, length, start, count] = [0, 1, 2, 3]
    out.get(address).op(...truncateUnsigned)
    out
      .set(start)
      .get(length)
      .op(...truncateUnsigned)
    out.tee(count).op(code.i64Eqz).if().op(code.return).end()
    out.get(start).get(count).call(indices.runtime('bounds'))
    if (mark) out.get(start).get(count).call(indices.runtime(mark))
  }
  const locals = [[2, 'i64']] as const
  const params = ['f64', 'f64'] as const
  return {
    touch_read: { params, results: [], locals, write: (out) => range(out, options.checkLoads ? 'rangeRead' : undefined) },
    touch_write: { params, results: [], locals, write: (out) => range(out, 'rangeWrite') },
    log_write: {
      params,
      results: [],
      locals: [[3, 'i64']],
      write: (out) => {
        const saved = 4
        out.getGlobal(indices.counter).set(saved)
        // The range returns early for a length of zero, before any charge: nothing to give back then.
        range(out, 'rangeWrite')
        out.get(saved).setGlobal(indices.counter)
      },
    },
  }
}

function recordControls({ wide }: RuntimeContext): Partial<Record<ControlName, Control>> {
  return {
    dirty_pages: { params: [], results: ['f64'], write: (out) => out.i32(0).at(access.load64, 1, logCountAt).op(code.f64ConvertI64U) },
    dirty_page: {
      params: ['f64'],
      results: ['f64'],
      write: (out) => {
        out.get(0).op(...truncateUnsigned)
        out.i64(logEntryBytes).op(code.i64Mul).at(access.load64, 2, loggedIndexAt).op(code.f64ConvertI64U)
      },
    },
    touched_chunks: { params: [], results: ['f64'], write: (out) => out.i32(0).at(access.load32, 1, chunkCountAt).op(code.f64ConvertI32U) },
    changed_pages: { params: [], results: ['f64'], locals: [[6, 'i64']], write: (out) => countChanged(out, wide) },
  }
}

/** Bytes that are compared between two tests for a difference. */
const comparedBytes = 64

/** Counts the log entries whose bytes differ from the page as it is now. */
function countChanged(out: CodeWriter, wide: boolean): void {
  const [index, at, address, end, changed, first] = [0, 1, 2, 3, 4, 5]
  out.i32(0).at(access.load64, 1, logCountAt).set(index)
  out.block().loop()
  out.get(index).op(code.i64Eqz).branchIf(1)
  out.get(index).i64(1).op(code.i64Sub).tee(index).i64(logEntryBytes).op(code.i64Mul).tee(at)
  out.at(access.load64, 2, loggedIndexAt).i64(pageShift).op(code.i64Shl).set(address)
  out.get(at).i64(pageBytes).op(code.i64Add).set(end)
  // Where the first write went there is mostly a difference.
  out.get(at).get(at).at(access.load64, 2, firstWriteAt).tee(first).op(code.i64Add).vectorLoad(2, 0)
  out.get(address).get(first).op(code.i64Add)
  if (!wide) out.op(code.i32WrapI64)
  out.vectorLoad(0, 0).vector(code.v128Xor).vector(code.v128AnyTrue)
  out.if().get(changed).i64(1).op(code.i64Add).set(changed).branch(1).end()
  out.block().loop()
  for (let offset = 0; offset < comparedBytes; offset += 16) {
    out.get(at).vectorLoad(2, offset).get(address)
    if (!wide) out.op(code.i32WrapI64)
    out.vectorLoad(0, offset).vector(code.v128Xor)
    if (offset !== 0) out.vector(code.v128Or)
  }
  out.vector(code.v128AnyTrue)
  out.if().get(changed).i64(1).op(code.i64Add).set(changed).branch(2).end()
  out.get(address).i64(comparedBytes).op(code.i64Add).set(address)
  out.get(at).i64(comparedBytes).op(code.i64Add).tee(at).get(end).op(code.i64LtU).branchIf(0)
  out.end().end()
  out.branch(0).end().end()
  out.get(changed).op(code.f64ConvertI64U)
}

/** Copies the logged pages back, last one first. Memory 0 takes addresses of its own width, the log those of 64 bits. */
export function restorePages(out: CodeWriter, wide: boolean): void {
  const [index, at] = [0, 1]
  out.i32(0).at(access.load64, 1, logCountAt).set(index)
  out.block().loop()
  out.get(index).op(code.i64Eqz).branchIf(1)
  out.get(index).i64(1).op(code.i64Sub).tee(index).i64(logEntryBytes).op(code.i64Mul).tee(at)
  out.at(access.load64, 2, loggedIndexAt).i64(pageShift).op(code.i64Shl)
  if (!wide) out.op(code.i32WrapI64)
  out.get(at)
  if (wide) out.i64(pageBytes)
  else out.i32(pageBytes)
  out.copyMemory(0, 2)
  out.branch(0).end().end()
}
