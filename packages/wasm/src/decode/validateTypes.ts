import { WasmError } from '../wasmError.ts'
import type { ModuleLayout } from './layout.ts'
import { largestMemory64 } from './moduleLimits.ts'

/**
 * Type-checks a module with the engine's own validator, which has to accept it anyway.
 *
 * The structure was read before, so whatever fails here is a matter of types and indices.
 */
export function validateTypes(layout: ModuleLayout): void {
  const own = withinEngine(layout) as Uint8Array<ArrayBuffer>
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

/**
 * The module with a maximum of its 64-bit memory that the engine knows: engines refuse larger ones, which are valid all the
 * same and never reached.
 */
function withinEngine({ bytes, memories }: ModuleLayout): Uint8Array {
  const [memory] = memories
  const { maximum = 0, maximumAt } = memory?.limits ?? {}
  if (memory?.limits.address !== 'i64' || maximum <= largestMemory64 || maximumAt === undefined) return bytes
  if (maximum > 2 ** 48) throw new WasmError('memory size must be at most 2**48 pages', maximumAt.start)
  const copy = bytes.slice()
  let rest = largestMemory64
  for (let at = maximumAt.start; at < maximumAt.end; at++) {
    copy[at] = (rest & 0x7f) | (at < maximumAt.end - 1 ? 0x80 : 0)
    rest >>>= 7
  }
  return copy
}
