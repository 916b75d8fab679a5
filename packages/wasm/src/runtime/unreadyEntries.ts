import { access, code, type CodeWriter } from '../binary/codeWriter.ts'

/**
 * Writes a loop over what `[address, address + length)` covers, length > 0, of units with `1 << shift` bytes. `each` runs where
 * the map says that the unit is not ready; an entry is a unit's number shifted by `entryShift`. Uses locals 0 to 3.
 */
export function forEachUnready(out: CodeWriter, shift: number, map: number, entryShift: number, each: (unit: number) => void): void {
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
