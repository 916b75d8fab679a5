import { WasmError } from '../wasmError.ts'

/**
 * Type-checks a module with the engine's own validator, which has to accept it anyway.
 *
 * The structure was read before, so whatever fails here is a matter of types and indices.
 */
export function validateTypes(bytes: Uint8Array): void {
  const own = bytes as Uint8Array<ArrayBuffer>
  if (WebAssembly.validate(own)) return
  let message = 'module does not validate'
  try {
    new WebAssembly.Module(own)
  } catch (error) {
    if (error instanceof Error) message = error.message
  }
  const offset = /@\+(\d+)/.exec(message)
  throw new WasmError(message.replace(/^WebAssembly\.\w+\(\):\s*/, '').replace(/\s*@\+\d+$/, ''), Number(offset?.[1] ?? 0))
}
