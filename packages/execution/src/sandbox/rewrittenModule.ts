/** Rewritten modules as they are kept from one process to the next: with what a scan of the original's bodies has found. */
import type { BodyFacts } from '@tidemark/wasm'

/** Where rewritten modules outlive the process; keys are the SHA-256 of the uploaded bytes in hexadecimal. */
export interface RewrittenModuleStore {
  load(key: string): Uint8Array | undefined
  save(key: string, rewritten: Uint8Array): void
}

const sectionName = 'tidemark:bodies'

/** Appends the facts as a custom section, which instances do not see. */
export function withBodyFacts(rewritten: Uint8Array, facts: BodyFacts): Uint8Array {
  const { functions, instructionCount, meteringInstructionCount, usedOpcodes } = facts
  const { instructions, complexity, size } = functions
  const lists = { instructions: [...instructions], complexity: [...complexity], size: [...size] }
  const name = new TextEncoder().encode(sectionName)
  const text = new TextEncoder().encode(JSON.stringify({ functions: lists, instructionCount, meteringInstructionCount, usedOpcodes }))
  const length = 1 + name.length + text.length
  const header = [0, ...[0, 7, 14, 21, 28].map((shift) => ((length >>> shift) & 0x7f) | (shift === 28 ? 0 : 0x80)), name.length]
  const out = new Uint8Array(rewritten.length + header.length + name.length + text.length)
  out.set(rewritten)
  out.set(header, rewritten.length)
  out.set(name, rewritten.length + header.length)
  out.set(text, out.length - text.length)
  return out
}

/** The facts in a module that `withBodyFacts` made; undefined in any other. */
export function bodyFactsIn(compiled: WebAssembly.Module): BodyFacts | undefined {
  const [section] = WebAssembly.Module.customSections(compiled, sectionName)
  if (section === undefined) return undefined
  const { functions, ...rest } = JSON.parse(new TextDecoder().decode(section)) as BodyFacts
  const list = (numbers: ArrayLike<number>): Uint32Array => Uint32Array.from(numbers)
  const { instructions, complexity, size } = functions
  return { ...rest, functions: { instructions: list(instructions), complexity: list(complexity), size: list(size) } }
}
