import { isMemoryAccess, opcodeCount, opcodes, findOpcode } from './opcodeTable.ts'
import type { InstrumentOptions } from '../options.ts'

/** Loads and stores of a 64-bit memory weigh two. */
const accessWeight64 = 2

/** Weight per opcode number, with the overrides of the options applied. Unknown names are refused: a typo would be free. */
export function resolveWeights(options: InstrumentOptions, wideMemory: boolean): Uint32Array {
  const weights = new Uint32Array(opcodeCount)
  for (const opcode of opcodes) weights[opcode.code] = wideMemory && isMemoryAccess(opcode) ? accessWeight64 : opcode.weight
  override(weights, options.weights)
  if (wideMemory) override(weights, options.weights64)
  return weights
}

function override(weights: Uint32Array, by: Readonly<Record<string, number>> | undefined): void {
  for (const [name, weight] of Object.entries(by ?? {})) {
    const opcode = findOpcode(name)
    if (!opcode) throw new RangeError(`no opcode is called ${name}`)
    weights[opcode.code] = weight
  }
}
