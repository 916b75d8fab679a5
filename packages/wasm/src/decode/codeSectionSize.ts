import { ByteReader } from '../binary/byteReader.ts'

const headerBytes = 8
const codeId = 10

/**
 * Bytes of the code section behind its count of bodies; 0 without one. Looks at the frames of sections only, up to the code:
 * what is wrong with their contents is for others to say.
 *
 * @throws WasmError when a section in front of the code is cut off
 */
export function codeSectionSize(bytes: Uint8Array): number {
  const reader = new ByteReader(bytes)
  reader.skip(headerBytes)
  while (reader.position < bytes.length) {
    const id = reader.byte()
    const size = reader.u32()
    if (id === codeId) {
      const start = reader.position
      reader.u32()
      return Math.max(0, size - (reader.position - start))
    }
    reader.skip(size)
  }
  return 0
}
