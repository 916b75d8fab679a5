import { access, code, type CodeWriter } from '../binary/codeWriter.ts'
import { standApart, writeBody } from '../emit/madeParts.ts'
import { chunkCountAt, chunkListAt, firstWriteAt, logCountAt, loggedIndexAt, logEntryBytes, readMapAt, writeMapAt } from './mapLayout.ts'
import type { RuntimeContext, RuntimeFunction } from './runtimeContext.ts'

const pageBytes = 4096
const any = 255
const aligned = 1

/** Charges a constant off the global counter, without a test: the next check notices. */
function charge(out: CodeWriter, counter: number, amount: number): void {
  if (amount !== 0) out.getGlobal(counter).i64(amount).op(code.i64Sub).setGlobal(counter)
}

/** The entry below a newly ready page: accesses that start there may now reach into this one. */
function extendLower(out: CodeWriter, entry: number, map: number): void {
  out
    .get(entry)
    .at(access.load8u, 1, map - 1)
    .i32(aligned)
    .op(code.i32Eq)
  out
    .if()
    .get(entry)
    .i32(any)
    .at(access.store8, 1, map - 1)
    .end()
}

/** `touchChunk(chunk)`: first touch of a 64 KiB page: charges it, marks its 16 entries as readable and lists it. */
export function touchChunk({ indices, options }: RuntimeContext): RuntimeFunction {
  const [chunk, entry, count] = [0, 1, 2]
  const body = writeBody([[2, 'i32']], (out) => {
    charge(out, indices.counter, options.readCharge)
    out.get(chunk).i32(4).op(code.i32Shl).set(entry)
    out.get(entry).i64(-1).at(access.store64, 1, readMapAt)
    out
      .get(entry)
      .i64(-1)
      .at(access.store64, 1, readMapAt + 8)
    out
      .get(entry)
      .at(access.load8u, 1, readMapAt + 16)
      .op(code.i32Eqz)
    out
      .if()
      .get(entry)
      .i32(aligned)
      .at(access.store8, 1, readMapAt + 15)
      .end()
    extendLower(out, entry, readMapAt)
    out.i32(0).at(access.load32, 1, chunkCountAt).tee(count).i32(2).op(code.i32Shl).get(chunk).at(access.store32, 1, chunkListAt)
    out.i32(0).get(count).i32(1).op(code.i32Add).at(access.store32, 1, chunkCountAt)
  })
  return { params: ['i32'], results: [], body }
}

/**
 * `logPage(page, address)`: first write to a 4 KiB page: copies it to the undo log; charges when its 64 KiB page was not written
 * yet. The low bits of the address, aligned, say where a write went.
 */
export function logPage({ indices, options, wide }: RuntimeContext): RuntimeFunction {
  const [page, address, chunkEntry, at] = [0, 1, 2, 3]
  const body = writeBody(
    [
      [1, 'i32'],
      [1, 'i64'],
    ],
    (out) => {
      out.get(page).i32(-16).op(code.i32And).tee(chunkEntry).at(access.load8u, 1, readMapAt).op(code.i32Eqz)
      out.if().get(page).i32(4).op(code.i32ShrU).call(indices.runtime('touchChunk')).end()
      if (options.writeCharge !== 0) {
        out
          .get(chunkEntry)
          .at(access.load64, 1, writeMapAt)
          .get(chunkEntry)
          .at(access.load64, 1, writeMapAt + 8)
          .op(code.i64Or, code.i64Eqz)
        out.getGlobal(indices.queryMode).op(code.i32Eqz, code.i32And).if()
        charge(out, indices.counter, options.writeCharge)
        out.end()
      }
      // Room for one more entry; the log doubles when it can and grows by one page when it cannot.
      out.i32(0).at(access.load64, 1, logCountAt).i64(logEntryBytes).op(code.i64Mul).tee(at)
      out.i64(logEntryBytes).op(code.i64Add).op(0x3f, 2).i64(16).op(code.i64Shl, code.i64GtU)
      out.if().op(0x3f, 2).op(0x40, 2).i64(-1).op(code.i64Eq)
      out.if().i64(1).op(0x40, 2).i64(-1).op(code.i64Eq).if().call(indices.host('out_of_memory')).op(code.unreachable).end().end().end()
      out.get(at).get(page)
      if (wide) out.op(code.i64ExtendI32U).i64(12).op(code.i64Shl).i64(pageBytes)
      else out.i32(12).op(code.i32Shl).i32(pageBytes)
      out.copyMemory(2, 0)
      out.get(at).get(page).op(code.i64ExtendI32U).at(access.store64, 2, loggedIndexAt)
      out
        .get(at)
        .get(address)
        .i64(pageBytes - 16)
        .op(code.i64And)
        .at(access.store64, 2, firstWriteAt)
      out.i32(0).i32(0).at(access.load64, 1, logCountAt).i64(1).op(code.i64Add).at(access.store64, 1, logCountAt)
      out
        .get(page)
        .i32(any)
        .i32(aligned)
        .get(page)
        .at(access.load8u, 1, writeMapAt + 1)
        .op(code.select)
        .at(access.store8, 1, writeMapAt)
      extendLower(out, page, writeMapAt)
    },
  )
  return { params: ['i32', 'i64'], results: [], body }
}

/** A loop over the map entries of `[address, address + length)`, length > 0: `each` runs where the entry is zero. */
function forEachEntry(out: CodeWriter, shift: number, map: number, entryShift: number, each: (unit: number) => void): void {
  const [address, length, unit, last] = [0, 1, 2, 3]
  out.get(address).i64(shift).op(code.i64ShrU, code.i32WrapI64).set(unit)
  out.get(address).get(length).op(code.i64Add).i64(1).op(code.i64Sub).i64(shift).op(code.i64ShrU, code.i32WrapI64).set(last)
  out.loop().get(unit)
  if (entryShift !== 0) out.i32(entryShift).op(code.i32Shl)
  out.at(access.load8u, 1, map).op(code.i32Eqz).if()
  each(unit)
  out.end()
  out.get(unit).get(last).op(code.i32LtU).if().get(unit).i32(1).op(code.i32Add).set(unit).branch(1).end().end()
}

/** `rangeRead(address, length)`: touches the 64 KiB pages of a range inside the bounds, length > 0. */
export function rangeRead({ indices }: RuntimeContext): RuntimeFunction {
  const body = writeBody([[2, 'i32']], (out) => {
    forEachEntry(out, 16, readMapAt, 4, (chunk) => out.get(chunk).call(indices.runtime('touchChunk')))
  })
  return { params: ['i64', 'i64'], results: [], body }
}

/** `rangeWrite(address, length)`: logs the 4 KiB pages of a range inside the bounds, length > 0. */
export function rangeWrite({ indices }: RuntimeContext): RuntimeFunction {
  const body = writeBody([[2, 'i32']], (out) => {
    forEachEntry(out, 12, writeMapAt, 0, (page) => out.get(page).get(0).call(indices.runtime('logPage')))
  })
  return { params: ['i64', 'i64'], results: [], body }
}

/** `slowRead(address, size, counter) -> counter` and `slowWrite`: an access whose map entry said no. */
export function slowAccess({ indices }: RuntimeContext, range: 'rangeRead' | 'rangeWrite'): RuntimeFunction {
  const [address, size, counter] = [0, 1, 2]
  const body = writeBody([], (out) => {
    out.get(counter).setGlobal(indices.counter)
    out.get(address).get(size).op(code.i64ExtendI32U).call(indices.runtime('bounds'))
    out.get(address).get(size).op(code.i64ExtendI32U).call(indices.runtime(range))
    out.getGlobal(indices.counter)
    standApart(out)
  })
  return { params: ['i64', 'i32', 'i64', 'i32'], results: ['i64'], body }
}
