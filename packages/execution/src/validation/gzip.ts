/** The frame that gzip puts around deflated data. @see RFC 1952 */

const headerBytes = 10
const trailerBytes = 8
const flag = { headerChecksum: 2, extra: 4, name: 8, comment: 16 } as const

/** Where the deflated data of a gzip file starts. @throws Error when the header does not end */
export function deflatedFrom(bytes: Uint8Array): number {
  const flags = bytes[3] ?? 0
  let at = headerBytes
  if ((flags & flag.extra) !== 0) at += 2 + (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256
  for (const text of [flag.name, flag.comment]) {
    if ((flags & text) === 0) continue
    const end = bytes.indexOf(0, at)
    if (end < 0) throw new Error('unexpected EOF')
    at = end + 1
  }
  if ((flags & flag.headerChecksum) !== 0) at += 2
  if (at > bytes.length - trailerBytes) throw new Error('unexpected EOF')
  return at
}

/** What the last eight bytes say of the data: its CRC-32, and its length modulo 2^32. */
export function gzipTrailer(bytes: Uint8Array): { readonly crc: number; readonly size: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - trailerBytes, trailerBytes)
  return { crc: view.getUint32(0, true), size: view.getUint32(4, true) }
}
