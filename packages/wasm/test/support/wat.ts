import wabtInit from 'wabt'

const wabt = await wabtInit()
const features = { memory64: true, simd: true, bulk_memory: true, reference_types: true, multi_value: true, tail_call: true }

/** Assembles a module written as text. */
export function assemble(wat: string): Uint8Array<ArrayBuffer> {
  const module = wabt.parseWat('test.wat', wat, features)
  try {
    return new Uint8Array(module.toBinary({}).buffer)
  } finally {
    module.destroy()
  }
}
