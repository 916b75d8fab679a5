import { access, code, type CodeWriter } from '../binary/codeWriter.ts'
import { chunkCountAt, chunkListAt, logCountAt, readMapAt, unitsPerPage, writeMapAt, writtenChunksAt } from './mapLayout.ts'
import { writeBody } from '../emit/madeParts.ts'
import type { RuntimeContext, RuntimeFunction } from './runtimeContext.ts'

const any = 255
const aligned = 1
const pagesPerChunk = 16

/** Makes the entries `[entry, entry + count)` of a map ready, for counts of 1, 4 and 16, and what stands around them right. */
export function markReady(out: CodeWriter, map: number, entry: number, count: 1 | typeof unitsPerPage | typeof pagesPerChunk): void {
  if (count === pagesPerChunk) {
    for (const half of [0, 8])
      out
        .get(entry)
        .i64(-1)
        .at(access.store64, 1, map + half)
  } else if (count === unitsPerPage) out.get(entry).i32(-1).at(access.store32, 1, map)
  // The last of them reaches into the next one, if that is ready too.
  out
    .get(entry)
    .i32(any)
    .i32(aligned)
    .get(entry)
    .at(access.load8u, 1, map + count)
    .op(code.select)
    .at(access.store8, 1, map + count - 1)
  // What starts below the first of them may now reach into it.
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

/** `clearMarks()`: forgets which pages were touched and logged; works through the list of touched chunks only. */
export function clearMarks({ options }: RuntimeContext): RuntimeFunction {
  const [index, chunk, entry, zero] = [0, 1, 2, 3]
  const locals = [
    [3, 'i32'],
    [1, 'v128'],
  ] as const
  const body = writeBody(locals, (out) => {
    out.i32(0).at(access.load32, 1, chunkCountAt).set(index)
    out.block().loop()
    out.get(index).op(code.i32Eqz).branchIf(1)
    out.get(index).i32(1).op(code.i32Sub).tee(index).i32(2).op(code.i32Shl).at(access.load32, 1, chunkListAt).tee(chunk)
    out.i32(4).op(code.i32Shl).set(entry)
    clear(out, readMapAt, entry, pagesPerChunk, zero)
    out.get(chunk).i32(6).op(code.i32Shl).set(entry)
    clear(out, writeMapAt, entry, pagesPerChunk * unitsPerPage, zero)
    if (options.writeCharge !== 0) out.get(chunk).i32(0).at(access.store8, 1, writtenChunksAt)
    out.branch(0).end().end()
    out.i32(0).i32(0).at(access.store32, 1, chunkCountAt)
    out.i32(0).i64(0).at(access.store64, 1, logCountAt)
  })
  return { params: [], results: [], body }
}

function clear(out: CodeWriter, map: number, entry: number, count: number, zero: number): void {
  for (let at = 0; at < count; at += 16)
    out
      .get(entry)
      .get(zero)
      .vectorStore(1, map + at)
}
