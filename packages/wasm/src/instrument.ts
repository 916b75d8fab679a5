import type { Instrumented, InstrumentOptions } from './options.ts'
import { WasmError } from './wasmError.ts'

export function instrument(_bytes: Uint8Array, _options: InstrumentOptions = {}): Instrumented {
  throw new WasmError('not built yet', 0)
}
