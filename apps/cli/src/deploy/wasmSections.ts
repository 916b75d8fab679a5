/** Custom sections of a Wasm module: reading their names, adding one. Knows nothing of the other sections. */
import { CliError } from '../output/cliError.ts'

const magic = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)

/** @throws CliError when the bytes are no Wasm module or its sections are cut short */
export function customSectionNames(module: Uint8Array): string[] {
  if (!magic.every((byte, index) => module[index] === byte)) {
    throw new CliError({
      what: 'The file is no Wasm module.',
      why: 'It does not start with the eight bytes that every module starts with.',
    })
  }
  const names: string[] = []
  for (let at = magic.length; at < module.length;) {
    const id = module[at]
    const size = readSize(module, at + 1)
    if (id === 0) {
      const name = readSize(module, size.end)
      names.push(new TextDecoder().decode(module.subarray(name.end, name.end + name.value)))
    }
    at = size.end + size.value
    if (at > module.length) throw cutShort()
  }
  return names
}

/** The same module with one more custom section at its end. */
export function withCustomSection(module: Uint8Array, name: string, content: Uint8Array): Uint8Array {
  const label = new TextEncoder().encode(name)
  const labelSize = writeSize(label.length)
  const size = writeSize(labelSize.length + label.length + content.length)
  return new Uint8Array(Buffer.concat([module, Uint8Array.of(0), size, labelSize, label, content]))
}

/** Unsigned LEB128 of at most five bytes. */
function readSize(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } {
  let value = 0
  for (let i = 0; i < 5; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) throw cutShort()
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { value, end: at + i + 1 }
  }
  throw cutShort()
}

function writeSize(value: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest])
    bytes.push((rest % 128) + 128)
  }
}

function cutShort(): CliError {
  return new CliError({
    what: 'The Wasm module is damaged.',
    why: 'One of its sections is longer than the file.',
    remedy: 'Build it again.',
  })
}
