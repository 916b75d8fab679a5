/** From uploaded bytes to a raw module. @see Interface specification, "Canister modules". */
import { RejectError } from '@tidemark/types'
import { Gunzip } from 'fflate'
import { moduleLimits } from './moduleLimits.ts'

/** The raw module of bytes that are one, or that are one compressed with gzip. @throws RejectError `CanisterInvalidWasm` */
export function decodeModule(bytes: Uint8Array): Uint8Array {
  if (startsWith(bytes, [0, 0x61, 0x73, 0x6d])) return checkSize(bytes)
  if (startsWith(bytes, [0x1f, 0x8b, 0x08])) return gunzip(bytes)
  throw invalidModule('Failed to decode wasm module: unsupported canister module format.')
}

/** The error of a module that the network refuses. */
export function invalidModule(text: string): RejectError {
  return new RejectError('CanisterInvalidWasm', `Canister's Wasm module is not valid: ${text}`)
}

/** Inflates piece by piece, so that a small file that claims to be huge ends at the limit and not in a full memory. */
function gunzip(bytes: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = []
  let size = 0
  const stream = new Gunzip((piece) => {
    size += piece.length
    if (size > moduleLimits.moduleBytes) throw tooLarge(size)
    pieces.push(piece)
  })
  try {
    for (let at = 0; at < bytes.length; at += 65_536) stream.push(bytes.subarray(at, at + 65_536), at + 65_536 >= bytes.length)
  } catch (error) {
    if (error instanceof RejectError) throw error
    throw invalidModule(`Failed to decode wasm module: ${error instanceof Error ? error.message : String(error)}`)
  }
  const module = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    module.set(piece, at)
    at += piece.length
  }
  return module
}

function checkSize(bytes: Uint8Array): Uint8Array {
  if (bytes.length > moduleLimits.moduleBytes) throw tooLarge(bytes.length)
  return bytes
}

function tooLarge(size: number): RejectError {
  return invalidModule(`Wasm module size of ${size} exceeds the maximum allowed size of ${moduleLimits.moduleBytes}.`)
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte)
}
