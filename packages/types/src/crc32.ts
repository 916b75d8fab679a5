const polynomial = 0xedb8_8320
let table: Int32Array | undefined

/** The CRC-32 that principals, account identifiers and gzip use, unsigned. */
export function crc32(bytes: Uint8Array): number {
  table ??= Int32Array.from({ length: 256 }, (_, byte) => {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ polynomial
    return value
  })
  let remainder = -1
  for (let at = 0; at < bytes.length; at++) remainder = (remainder >>> 8) ^ (table[(remainder ^ (bytes[at] ?? 0)) & 0xff] ?? 0)
  return ~remainder >>> 0
}
