/** What the network's validator says of types and opcodes that belong to proposals which it does not take. */

const ofCollection = 'heap types not supported without the gc feature'
const ofExceptions = 'exception refs not supported without the exception handling feature'
const ofSwitching = 'continuation refs not supported without the stack switching feature'

/** Of a value type, by its first byte. */
export const refusedTypes: Readonly<Record<number, string>> = {
  0x63: 'function references required for index reference types',
  0x64: 'function references required for index reference types',
  0x68: ofSwitching,
  0x69: ofExceptions,
  0x6a: ofCollection,
  0x6b: ofCollection,
  0x6c: ofCollection,
  0x6d: ofCollection,
  0x6e: ofCollection,
  0x71: ofCollection,
  0x72: ofCollection,
  0x73: ofCollection,
  0x74: ofExceptions,
  0x75: ofSwitching,
}

/** Of an entry of the type section that is no function type, by its first byte. */
export const refusedDefinitions: Readonly<Record<number, string>> = {
  0x4e: 'rec group usage requires `gc` proposal to be enabled',
  0x4f: 'gc proposal must be enabled to use subtypes',
  0x50: 'gc proposal must be enabled to use subtypes',
  0x5e: 'array indexed types not supported without the gc feature',
  0x5f: 'struct indexed types not supported without the gc feature',
}

/** Of a memory, by a flag of its limits. */
export const refusedMemories: readonly (readonly [flag: number, text: string])[] = [
  [2, 'threads must be enabled for shared memories'],
  [8, "the custom page sizes proposal must be enabled to customize a memory's page size"],
]

/** Of a component in the place of a module. */
export const refusedComponent =
  'unknown binary version and encoding combination: 0xd and 0x1, note: encoded as a component but the WebAssembly component model feature is not enabled - enable the feature to allow component validation'

/** Opcodes of one byte, and those behind a prefix from one number up to another, by the proposal that has them. */
const refusedPlain: Readonly<Record<string, readonly number[]>> = {
  exceptions: [0x08, 0x0a, 0x1f],
  'legacy exceptions': [0x06, 0x07, 0x09, 0x18, 0x19],
  'function references': [0x14, 0x15, 0xd4, 0xd5, 0xd6],
  gc: [0xd3],
  'stack switching': [0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5],
}
const refusedPrefixed: readonly (readonly [proposal: string, prefix: number, from: number, to: number])[] = [
  ['gc', 0xfb, 0x00, 0x1e],
  ['memory control', 0xfc, 0x12, 0x12],
  ['wide arithmetic', 0xfc, 0x13, 0x16],
  ['relaxed SIMD', 0xfd, 0x100, 0x113],
  ['threads', 0xfe, 0x00, 0x4e],
]

/** Of an opcode that is not taken. `sub`: the number behind a prefix. */
export function refusedOpcode(opcode: number, sub: number): string {
  const proposal =
    opcode >= 0xfb
      ? refusedPrefixed.find(([, prefix, from, to]) => prefix === opcode && from <= sub && sub <= to)?.[0]
      : Object.entries(refusedPlain).find(([, opcodes]) => opcodes.includes(opcode))?.[0]
  if (proposal !== undefined) return `${proposal} support is not enabled`
  if (opcode >= 0xfb && opcode !== 0xff) return `unknown 0x${opcode.toString(16)} subopcode: 0x${sub.toString(16)}`
  return `illegal opcode: 0x${opcode.toString(16)}`
}
