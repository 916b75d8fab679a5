/** From WebAssembly text to bytes. */
import loadWabt from 'wabt'
import { type UniversalOptions, universalSource } from './source.ts'

const wabt = await loadWabt()
const features = {
  memory64: true,
  bulk_memory: true,
  reference_types: true,
  simd: true,
  sat_float_to_int: true,
  sign_extension: true,
  mutable_globals: true,
  multi_value: true,
}
const assembled = new Map<string, Uint8Array>()

/** Assembles a module; the same text is assembled once. @param options - `names` keeps the names of functions */
export function assemble(text: string, { names = false } = {}): Uint8Array {
  const key = `${names ? 'names' : 'plain'} ${text}`
  let bytes = assembled.get(key)
  if (bytes === undefined) {
    const module = wabt.parseWat('module.wat', text, features)
    bytes = module.toBinary({ write_debug_names: names }).buffer
    module.destroy()
    assembled.set(key, bytes)
  }
  return bytes
}

/** The universal canister's module. */
export function universalCanister(options: UniversalOptions = {}): Uint8Array {
  return assemble(universalSource(options))
}
