/** LEB128: how numbers stand in leaves and in representation-independent hashes. */
import { CertificationError } from './errors.ts'

/** Shortest unsigned form. @throws RangeError when negative */
export function encodeUnsignedLeb128(value: bigint | number): Uint8Array {
  let rest = BigInt(value)
  if (rest < 0n) throw new RangeError(`a natural number is at least 0, got ${rest}`)
  const bytes: number[] = []
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}

/** Shortest signed form. */
export function encodeSignedLeb128(value: bigint | number): Uint8Array {
  let rest = BigInt(value)
  const bytes: number[] = []
  for (;;) {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    const last = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)
    bytes.push(last ? low : low | 0x80)
    if (last) return Uint8Array.from(bytes)
  }
}

/** The number that fills all the bytes. @throws CertificationError when they are cut short or go on */
export function decodeUnsignedLeb128(bytes: Uint8Array): bigint {
  let value = 0n
  for (const [i, byte] of bytes.entries()) {
    value |= BigInt(byte & 0x7f) << BigInt(7 * i)
    if (byte < 0x80) {
      if (i !== bytes.length - 1) break
      return value
    }
  }
  throw new CertificationError('not a number in LEB128')
}
