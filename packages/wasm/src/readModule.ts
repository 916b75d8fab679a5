import type { ModuleFacts } from './facts.ts'
import { WasmError } from './wasmError.ts'

export function readModule(_bytes: Uint8Array): ModuleFacts {
  throw new WasmError('not built yet', 0)
}
