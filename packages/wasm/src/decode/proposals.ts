/** What the network's validator says of types that belong to proposals which it does not take. */

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
