/** What can be told of a module before it is checked: enough to set the price of installing it. */
import { decodeModule } from './decodeModule.ts'

/** How a module addresses its heap, by which its instructions are priced; 32 bits for what is no module. */
export function wasmModeOf(bytes: Uint8Array): 'wasm32' | 'wasm64' {
  try {
    return declaresWideMemory(decodeModule(bytes)) ? 'wasm64' : 'wasm32'
  } catch {
    return 'wasm32'
  }
}

/** Bytes of a module when it is unpacked, as its last four bytes claim; the bytes themselves when that is more. */
export function claimedBytes(bytes: Uint8Array): number {
  const isPacked = bytes.length >= 4 && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08
  if (!isPacked) return bytes.length
  return Math.max(bytes.length, new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 4, true))
}

const headerBytes = 8
const memorySection = 5
/** In the flags of a memory's limits: addresses have 64 bits. */
const wideFlag = 0x04

function declaresWideMemory(module: Uint8Array): boolean {
  let at = headerBytes
  while (at < module.length) {
    const id = module[at]
    const [size, start] = readLength(module, at + 1)
    if (id !== memorySection) {
      at = start + size
      continue
    }
    const [, flagsAt] = readLength(module, start)
    return ((module[flagsAt] ?? 0) & wideFlag) !== 0
  }
  return false
}

/** An unsigned LEB128 number of 32 bits, and where it ends. */
function readLength(bytes: Uint8Array, at: number): [value: number, end: number] {
  let value = 0
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = bytes[at++] ?? 0
    value += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) break
  }
  return [value, at]
}
