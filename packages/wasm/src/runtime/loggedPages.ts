import { access, code } from '../binary/codeWriter.ts'
import { standApart, writeBody } from '../emit/madeParts.ts'
import { markReady } from './mapEntries.ts'
import {
  allUnits,
  beforeAt,
  entryNumbersAt,
  firstWriteAt,
  keptUnitsAt,
  logAt,
  logCountAt,
  logEntryBytes,
  loggedIndexAt,
  readMapAt,
  unitBytes,
  unitShift,
  unitsPerPage,
  writeMapAt,
  writtenChunksAt,
  zerosAt,
} from './mapLayout.ts'
import { forEachUnready } from './unreadyEntries.ts'
import type { RuntimeContext, RuntimeFunction } from './runtimeContext.ts'

/** Longer writes put whole pages aside at once. */
const longWrite = unitBytes

/** `touchWritten(chunk)`: before the first write to a page: the 64 KiB page around it counts as read, and is charged as written. */
export function touchWritten({ indices, options }: RuntimeContext): RuntimeFunction {
  const chunk = 0
  const body = writeBody([], (out) => {
    out.get(chunk).i32(4).op(code.i32Shl).at(access.load8u, 1, readMapAt).op(code.i32Eqz)
    out.if().get(chunk).call(indices.runtime('touchChunk')).end()
    if (options.writeCharge === 0) return
    out.get(chunk).at(access.load8u, 1, writtenChunksAt).getGlobal(indices.queryMode).op(code.i32Or, code.i32Eqz)
    out.if().get(chunk).i32(1).at(access.store8, 1, writtenChunksAt)
    out.getGlobal(indices.counter).i64(options.writeCharge).op(code.i64Sub).setGlobal(indices.counter).end()
  })
  return { params: ['i32'], results: [], body }
}

/**
 * `logUnit(unit, address, whole)`: first write to a unit of 1 KiB.
 *
 * The page gets an entry in the log, unless it has one. Of a page that nothing was ever written to nothing is copied. Else the
 * unit is, and with the second write to a page, or if the whole page is wanted, the rest. The low bits of the address say where
 * in the unit a write went.
 */
export function logUnit({ indices, wide }: RuntimeContext): RuntimeFunction {
  const [unit, address, whole, page, at, last] = [0, 1, 2, 3, 4, 5]
  const locals = [
    [1, 'i32'],
    [1, 'i64'],
    [1, 'i32'],
  ] as const
  const body = writeBody(locals, (out) => {
    out.get(unit).i32(2).op(code.i32ShrU).tee(page).i32(4).op(code.i32ShrU).call(indices.runtime('touchWritten'))
    out.get(page).i32(2).op(code.i32Shl).at(access.load32, 1, writeMapAt)
    out.if()
    out.get(page).i32(2).op(code.i32Shl).at(access.load32, 1, entryNumbersAt).op(code.i64ExtendI32U)
    out.i64(logEntryBytes).op(code.i64Mul).set(at).i32(1).set(whole)
    out.else()
    out
      .get(page)
      .get(unit)
      .i32(unitsPerPage - 1)
      .op(code.i32And)
      .i32(unitShift)
      .op(code.i32Shl)
    out
      .get(address)
      .op(code.i32WrapI64)
      .i32(unitBytes - 16)
      .op(code.i32And, code.i32Or)
      .call(indices.runtime('addEntry'))
      .set(at)
    out.get(page).getGlobal(indices.freshFrom).op(code.i32GeU)
    out.if()
    out.get(page).i32(1).op(code.i32Add).setGlobal(indices.freshFrom)
    out
      .get(at)
      .i64(zerosAt)
      .at(access.store64, 2, logAt + beforeAt)
    out
      .get(at)
      .i32(allUnits)
      .at(access.store32, 2, logAt + keptUnitsAt)
    out.get(page).i32(2).op(code.i32Shl).set(unit)
    markReady(out, writeMapAt, unit, unitsPerPage)
    out.op(code.return)
    out.end().end()
    // One unit, or all of the page.
    out.get(unit).set(last)
    out.get(whole).if()
    out
      .get(page)
      .i32(2)
      .op(code.i32Shl)
      .tee(unit)
      .i32(unitsPerPage - 1)
      .op(code.i32Or)
      .set(last)
    out.end()
    out.loop()
    out.get(unit).at(access.load8u, 1, writeMapAt).op(code.i32Eqz).if()
    out
      .get(at)
      .get(unit)
      .i32(unitsPerPage - 1)
      .op(code.i32And)
      .i32(unitShift)
      .op(code.i32Shl, code.i64ExtendI32U, code.i64Add)
    out.i64(logAt).op(code.i64Add).get(unit)
    if (wide) out.op(code.i64ExtendI32U).i64(unitShift).op(code.i64Shl).i64(unitBytes)
    else out.i32(unitShift).op(code.i32Shl).i32(unitBytes)
    out.copyMemory(2, 0)
    out
      .get(at)
      .get(at)
      .at(access.load32, 2, logAt + keptUnitsAt)
    out
      .i32(1)
      .get(unit)
      .i32(unitsPerPage - 1)
      .op(code.i32And, code.i32Shl, code.i32Or)
      .at(access.store32, 2, logAt + keptUnitsAt)
    markReady(out, writeMapAt, unit, 1)
    out.end()
    out.get(unit).get(last).op(code.i32LtU).if().get(unit).i32(1).op(code.i32Add).set(unit).branch(1).end()
    out.end()
  })
  return { params: ['i32', 'i64', 'i32'], results: [], body }
}

/** `addEntry(page, firstWrite) -> at`: a further entry of the log, in which nothing is kept yet; gives its distance from `logAt`. */
export function addEntry({ indices }: RuntimeContext): RuntimeFunction {
  const [page, firstWrite, at] = [0, 1, 2]
  const body = writeBody([[1, 'i64']], (out) => {
    // Room for one more; the log doubles when it can and grows by one page when it cannot.
    out.i32(0).at(access.load64, 1, logCountAt).i64(logEntryBytes).op(code.i64Mul).tee(at)
    out
      .i64(logAt + logEntryBytes)
      .op(code.i64Add)
      .op(0x3f, 2)
      .i64(16)
      .op(code.i64Shl, code.i64GtU)
    out.if().op(0x3f, 2).op(0x40, 2).i64(-1).op(code.i64Eq)
    out.if().i64(1).op(0x40, 2).i64(-1).op(code.i64Eq).if().call(indices.host('out_of_memory')).op(code.unreachable).end().end().end()
    out
      .get(at)
      .get(page)
      .op(code.i64ExtendI32U)
      .at(access.store64, 2, logAt + loggedIndexAt)
    out
      .get(at)
      .get(firstWrite)
      .op(code.i64ExtendI32U)
      .at(access.store64, 2, logAt + firstWriteAt)
    out
      .get(at)
      .get(at)
      .i64(logAt)
      .op(code.i64Add)
      .at(access.store64, 2, logAt + beforeAt)
    out
      .get(at)
      .i32(0)
      .at(access.store32, 2, logAt + keptUnitsAt)
    out.get(page).i32(2).op(code.i32Shl).i32(0).at(access.load32, 1, logCountAt).at(access.store32, 1, entryNumbersAt)
    out.i32(0).i32(0).at(access.load64, 1, logCountAt).i64(1).op(code.i64Add).at(access.store64, 1, logCountAt)
    out.get(at)
  })
  return { params: ['i32', 'i32'], results: ['i64'], body }
}

/** `rangeWrite(address, length)`: logs what a range inside the bounds covers, length > 0. */
export function rangeWrite({ indices }: RuntimeContext): RuntimeFunction {
  const [address, length] = [0, 1]
  const body = writeBody([[2, 'i32']], (out) => {
    forEachUnready(out, unitShift, writeMapAt, 0, (unit) =>
      out.get(unit).get(address).get(length).i64(longWrite).op(code.i64GtU).call(indices.runtime('logUnit')),
    )
  })
  return { params: ['i64', 'i64'], results: [], body }
}

/** `slowWrite(address, size, counter, entry) -> counter`: a store whose map entry said no. */
export function slowWrite({ indices }: RuntimeContext): RuntimeFunction {
  const [address, size, counter] = [0, 1, 2]
  const body = writeBody([], (out) => {
    out.get(counter).setGlobal(indices.counter)
    out.get(address).get(size).op(code.i64ExtendI32U).call(indices.runtime('bounds'))
    out.get(address).get(size).op(code.i64ExtendI32U).call(indices.runtime('rangeWrite'))
    out.getGlobal(indices.counter)
    standApart(out)
  })
  return { params: ['i64', 'i32', 'i64', 'i32'], results: ['i64'], body }
}
