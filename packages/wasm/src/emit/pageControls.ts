import { access, code, type CodeWriter } from '../binary/codeWriter.ts'
import {
  allUnits,
  beforeAt,
  chunkCountAt,
  firstWriteAt,
  keptUnitsAt,
  logAt,
  logCountAt,
  logEntryBytes,
  loggedIndexAt,
  unitBytes,
  unitsPerPage,
} from '../runtime/mapLayout.ts'
import type { RuntimeContext } from '../runtime/runtimeContext.ts'
import type { Control, ControlName } from './controls.ts'

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
      locals: [[1, 'i32']],
      write: (out) => {
        const before = 1
        out.get(0)
        out.op(...truncateUnsigned).setGlobal(indices.pages)
        // The host has filled them, or so it may be.
        out.getGlobal(indices.freshFrom).set(before)
        out.getGlobal(indices.pages).op(code.i32WrapI64).i32(4).op(code.i32Shl).setGlobal(indices.freshFrom)
        out.get(before).getGlobal(indices.freshFrom).op(code.i32GtU).if().get(before).setGlobal(indices.freshFrom).end()
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
        out
          .i64(logEntryBytes)
          .op(code.i64Mul)
          .at(access.load64, 2, logAt + loggedIndexAt)
          .op(code.f64ConvertI64U)
      },
    },
    touched_chunks: { params: [], results: ['f64'], write: (out) => out.i32(0).at(access.load32, 1, chunkCountAt).op(code.f64ConvertI32U) },
    changed_pages: { params: [], results: ['f64'], locals: changedLocals, write: (out) => countChanged(out, wide) },
  }
}

/** Bytes that are compared between two tests for a difference. */
const comparedBytes = 64

const changedLocals = [
  [6, 'i64'],
  [1, 'i32'],
] as const

/** Counts the log entries whose bytes differ from the page as it is now. */
function countChanged(out: CodeWriter, wide: boolean): void {
  const [index, at, address, end, changed, before, unit] = [0, 1, 2, 3, 4, 5, 6]
  const pageAddress = (): CodeWriter =>
    out
      .at(access.load64, 2, logAt + loggedIndexAt)
      .i64(pageShift)
      .op(code.i64Shl)
  const foundOne = (depth: number): CodeWriter => out.if().get(changed).i64(1).op(code.i64Add).set(changed).branch(depth).end()
  out.i32(0).at(access.load64, 1, logCountAt).set(index)
  out.block().loop()
  out.get(index).op(code.i64Eqz).branchIf(1)
  out.get(index).i64(1).op(code.i64Sub).tee(index).i64(logEntryBytes).op(code.i64Mul).tee(at)
  pageAddress().set(address)
  out
    .get(at)
    .at(access.load64, 2, logAt + beforeAt)
    .set(before)
  // Where the first write went there is mostly a difference.
  out
    .get(before)
    .get(at)
    .at(access.load64, 2, logAt + firstWriteAt)
    .tee(end)
    .op(code.i64Add)
    .vectorLoad(2, 0)
  out.get(address).get(end).op(code.i64Add)
  if (!wide) out.op(code.i32WrapI64)
  out.vectorLoad(0, 0).vector(code.v128Xor).vector(code.v128AnyTrue)
  foundOne(1)
  // What was not put aside has not changed.
  out.i32(0).set(unit)
  out.loop()
  out.get(before).i64(unitBytes).op(code.i64Add).set(end)
  out
    .get(at)
    .at(access.load32, 2, logAt + keptUnitsAt)
    .get(unit)
    .op(code.i32ShrU)
    .i32(1)
    .op(code.i32And)
    .if()
  out.loop()
  for (let offset = 0; offset < comparedBytes; offset += 16) {
    out.get(before).vectorLoad(2, offset).get(address)
    if (!wide) out.op(code.i32WrapI64)
    out.vectorLoad(0, offset).vector(code.v128Xor)
    if (offset !== 0) out.vector(code.v128Or)
  }
  out.vector(code.v128AnyTrue)
  foundOne(4)
  out.get(address).i64(comparedBytes).op(code.i64Add).set(address)
  out.get(before).i64(comparedBytes).op(code.i64Add).tee(before).get(end).op(code.i64LtU).branchIf(0)
  out.end()
  out.else()
  out.get(address).i64(unitBytes).op(code.i64Add).set(address)
  out.get(end).set(before)
  out.end()
  out.get(unit).i32(1).op(code.i32Add).tee(unit).i32(unitsPerPage).op(code.i32LtU).branchIf(0)
  out.end()
  out.branch(0).end().end()
  out.get(changed).op(code.f64ConvertI64U)
}

/** Copies the logged pages back, last one first. Memory 0 takes addresses of its own width, the log those of 64 bits. */
export function restorePages(out: CodeWriter, wide: boolean): void {
  const [index, at, unit] = [0, 1, 2]
  const length = (bytes: number): CodeWriter => (wide ? out.i64(bytes) : out.i32(bytes))
  const address = (): void => {
    out
      .get(at)
      .at(access.load64, 2, logAt + loggedIndexAt)
      .i64(pageShift)
      .op(code.i64Shl)
  }
  const unitStart = (): CodeWriter => out.get(unit).i64(unitBytes).op(code.i64Mul, code.i64Add)
  const narrow = (): void => {
    if (!wide) out.op(code.i32WrapI64)
  }
  out.i32(0).at(access.load64, 1, logCountAt).set(index)
  out.block().loop()
  out.get(index).op(code.i64Eqz).branchIf(1)
  out.get(index).i64(1).op(code.i64Sub).tee(index).i64(logEntryBytes).op(code.i64Mul).set(at)
  out
    .get(at)
    .at(access.load32, 2, logAt + keptUnitsAt)
    .i32(allUnits)
    .op(code.i32Eq)
    .if()
  address()
  narrow()
  out.get(at).at(access.load64, 2, logAt + beforeAt)
  length(unitBytes * unitsPerPage).copyMemory(0, 2)
  out.else()
  out.i64(0).set(unit)
  out.loop()
  out
    .get(at)
    .at(access.load32, 2, logAt + keptUnitsAt)
    .get(unit)
    .op(code.i32WrapI64, code.i32ShrU)
    .i32(1)
    .op(code.i32And)
    .if()
  address()
  unitStart()
  narrow()
  out.get(at).i64(logAt).op(code.i64Add)
  unitStart()
  length(unitBytes).copyMemory(0, 2)
  out.end()
  out.get(unit).i64(1).op(code.i64Add).tee(unit).i64(unitsPerPage).op(code.i64LtU).branchIf(0)
  out.end()
  out.end()
  out.branch(0).end().end()
}
