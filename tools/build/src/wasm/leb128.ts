/** Encodes a non-negative integer below 2^32 as unsigned LEB128. */
export function encodeLeb128(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  do {
    const more = rest > 0x7f
    bytes.push((rest & 0x7f) | (more ? 0x80 : 0))
    rest >>>= 7
  } while (rest !== 0)
  return Uint8Array.from(bytes)
}

/**
 * Reads an unsigned LEB128 number of at most 32 bits.
 *
 * @returns the value and the offset after it
 * @throws {RangeError} when the bytes end too early or the number is too long
 */
export function decodeLeb128(bytes: Uint8Array, offset: number): { value: number; end: number } {
  let value = 0
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[offset + index]
    if (byte === undefined) throw new RangeError('The module ends inside a number.')
    value += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return { value, end: offset + index + 1 }
  }
  throw new RangeError('A number in the module is longer than 32 bits.')
}
