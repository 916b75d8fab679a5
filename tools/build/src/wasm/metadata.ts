import { decodeLeb128, encodeLeb128 } from './leb128.ts'

/** A custom section of a Wasm module. */
export interface CustomSection {
  readonly name: string
  readonly contents: Uint8Array
}

const headerSize = 8
const customSectionId = 0
const decoder = new TextDecoder()
const encoder = new TextEncoder()

/**
 * The custom sections of a module, in order.
 *
 * @throws {RangeError} when the bytes are not a sequence of Wasm sections
 */
export function readCustomSections(module: Uint8Array): readonly CustomSection[] {
  if (module.length < headerSize || decoder.decode(module.subarray(0, 4)) !== '\0asm') throw new RangeError('This is not a Wasm module.')
  const found: CustomSection[] = []
  let offset = headerSize
  while (offset < module.length) {
    const id = module[offset]
    const { value: size, end: start } = decodeLeb128(module, offset + 1)
    offset = start + size
    if (offset > module.length) throw new RangeError('The module ends inside a section.')
    if (id !== customSectionId) continue
    const name = decodeLeb128(module, start)
    const nameEnd = name.end + name.value
    found.push({ name: decoder.decode(module.subarray(name.end, nameEnd)), contents: module.subarray(nameEnd, offset) })
  }
  return found
}

/** The module with one more custom section at its end. */
export function appendCustomSection(module: Uint8Array, { name, contents }: CustomSection): Uint8Array<ArrayBuffer> {
  const nameBytes = encoder.encode(name)
  const nameSize = encodeLeb128(nameBytes.length)
  const size = encodeLeb128(nameSize.length + nameBytes.length + contents.length)
  return concatenate([module, Uint8Array.of(customSectionId), size, nameSize, nameBytes, contents])
}

/**
 * The module with public metadata of the given name: as it is where it has that name already (public or private),
 * else with a section `icp:public <name>` at the end.
 */
export function withPublicMetadata(module: Uint8Array, name: string, text: string): Uint8Array {
  const present = readCustomSections(module).some(
    (section) => /^icp:(public|private) /.test(section.name) && section.name.endsWith(` ${name}`),
  )
  return present ? module : appendCustomSection(module, { name: `icp:public ${name}`, contents: encoder.encode(text) })
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
