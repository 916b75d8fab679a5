import { access, code } from '../binary/codeWriter.ts'
import { standApart, writeBody } from '../emit/madeParts.ts'
import { markReady } from './mapEntries.ts'
import { chunkCountAt, chunkListAt, readMapAt } from './mapLayout.ts'
import { forEachUnready } from './unreadyEntries.ts'
import type { RuntimeContext, RuntimeFunction } from './runtimeContext.ts'

/** `touchChunk(chunk)`: first touch of a 64 KiB page: charges it, marks its 16 pages as readable and lists it. */
export function touchChunk({ indices, options }: RuntimeContext): RuntimeFunction {
  const [chunk, entry, count] = [0, 1, 2]
  const body = writeBody([[2, 'i32']], (out) => {
    if (options.readCharge !== 0) out.getGlobal(indices.counter).i64(options.readCharge).op(code.i64Sub).setGlobal(indices.counter)
    out.get(chunk).i32(4).op(code.i32Shl).set(entry)
    markReady(out, readMapAt, entry, 16)
    out.i32(0).at(access.load32, 1, chunkCountAt).tee(count).i32(2).op(code.i32Shl).get(chunk).at(access.store32, 1, chunkListAt)
    out.i32(0).get(count).i32(1).op(code.i32Add).at(access.store32, 1, chunkCountAt)
  })
  return { params: ['i32'], results: [], body }
}

/** `rangeRead(address, length)`: touches the 64 KiB pages of a range inside the bounds, length > 0. */
export function rangeRead({ indices }: RuntimeContext): RuntimeFunction {
  const body = writeBody([[2, 'i32']], (out) => {
    forEachUnready(out, 16, readMapAt, 4, (chunk) => out.get(chunk).call(indices.runtime('touchChunk')))
  })
  return { params: ['i64', 'i64'], results: [], body }
}

/** `slowRead(address, size, counter) -> counter`: a load whose map entry is not `any`, of the number of bytes that it is aligned to or not. */
export function slowRead({ indices }: RuntimeContext): RuntimeFunction {
  const [address, size, counter] = [0, 1, 2]
  const body = writeBody([], (out) => {
    out.get(address).op(code.i32WrapI64).get(size).i32(1).op(code.i32Sub, code.i32And)
    out.get(address).i64(12).op(code.i64ShrU, code.i32WrapI64).at(access.load8u, 1, readMapAt)
    out.op(code.i32LtU).if().get(counter).op(code.return).end()
    out.get(counter).setGlobal(indices.counter)
    out.get(address).get(size).op(code.i64ExtendI32U).call(indices.runtime('bounds'))
    out.get(address).get(size).op(code.i64ExtendI32U).call(indices.runtime('rangeRead'))
    out.getGlobal(indices.counter)
    standApart(out)
  })
  return { params: ['i64', 'i32', 'i64'], results: ['i64'], body }
}
