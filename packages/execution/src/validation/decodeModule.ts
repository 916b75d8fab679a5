/** From uploaded bytes to a raw module. @see Interface specification, "Canister modules". */
import { crc32 } from '@tidemark/types'
// The form without workers, which Node would load for nothing.
import { Inflate } from 'fflate/browser'
import { deflatedFrom, gzipTrailer } from './gzip.ts'
import { invalidModule } from './invalidModule.ts'
import { moduleLimits } from './moduleLimits.ts'

/** Least bytes of a gzip file: header and trailer. */
const smallestGzip = 16

/** The raw module of bytes that are one, or that are one compressed with gzip. @throws RejectError `CanisterInvalidWasm` */
export function decodeModule(bytes: Uint8Array): Uint8Array {
  if (startsWith(bytes, [0, 0x61, 0x73, 0x6d])) {
    checkSize(bytes.length)
    return bytes
  }
  if (startsWith(bytes, [0x1f, 0x8b, 0x08])) return gunzip(bytes)
  throw undecodable('unsupported canister module format')
}

/**
 * Inflates piece by piece into as many bytes as the trailer says. The trailer can lie: what inflates to more is refused when
 * the first byte too many arrives, so that a small file that claims to be small never fills the memory.
 */
function gunzip(bytes: Uint8Array): Uint8Array {
  if (bytes.length < smallestGzip) throw undecodable('invalid Wasm module: gzip stream is too short')
  const { size, crc } = gzipTrailer(bytes)
  checkSize(size)
  const module = new Uint8Array(size)
  const found = { bytes: 0, tooMany: false }
  const inflate = new Inflate((piece) => {
    const fits = piece.subarray(0, size - found.bytes)
    module.set(fits, found.bytes)
    found.bytes += fits.length
    found.tooMany ||= fits.length < piece.length
  })
  try {
    for (let at = deflatedFrom(bytes); at < bytes.length && !found.tooMany; at += 65_536) {
      inflate.push(bytes.subarray(at, at + 65_536), at + 65_536 >= bytes.length)
    }
  } catch (error) {
    throw undecodable(`failed to decode compressed Wasm module: ${error instanceof Error ? error.message : String(error)}`)
  }
  const extracted = found.tooMany ? size + 1 : found.bytes
  if (extracted !== size) throw undecodable(`specified uncompressed size ${size} does not match extracted size ${extracted}`)
  const sum = crc32(module)
  if (sum !== crc) throw undecodable(`failed to decode compressed Wasm module: CRC32 mismatched: value=${sum}, expected=${crc}`)
  return module
}

function checkSize(size: number): void {
  const max = moduleLimits.moduleBytes
  if (size > max) throw invalidModule(`Wasm module size of ${size} exceeds the maximum allowed size of ${max}.`)
}

function undecodable(text: string) {
  return invalidModule(`Failed to decode wasm module: ${text}`)
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte)
}
