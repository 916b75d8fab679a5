/** What is advised for modules that the network refuses: by the texts of the refusals, which have one code. */
import type { Advice } from '../advice.ts'

const smallerFunctions = 'Try breaking large functions up into multiple smaller functions.'
const smallerModule = (what: string) =>
  `Try shrinking the module${what} using tools like \`ic-wasm\` or splitting the logic across multiple canisters.`

const byText: readonly (readonly [piece: string, suggestion: string, anchor: string])[] = [
  ['The number of exported functions ', 'Try combining multiple endpoints into a single endpoint.', 'wasm-module-exports-too-many-methods'],
  ['The sum of `<name>` lengths ', 'Try using shorter method names.', 'wasm-module-sum-of-exported-name-lengths-too-large'],
  [' functions which exceeds ', 'Try spliting this canister into multiple canisters.', 'wasm-module-too-many-functions'],
  [
    ' globals which exceeds ',
    'Try collecting multiple globals into a single structured which can be stored on the heap.',
    'wasm-module-too-many-globals',
  ],
  [' which exceeds the maximum complexity ', smallerFunctions, 'wasm-module-function-complexity-too-high'],
  [" with name '", 'Try using shorter function names.', 'wasm-module-function-name-too-large'],
  ['Wasm module contains a function at index ', smallerFunctions, 'wasm-module-function-too-large'],
  ['Wasm module code section size ', smallerModule(' code section'), 'wasm-module-code-section-too-large'],
  ['Wasm module size ', smallerModule(''), 'wasm-module-too-large'],
]
const unsupported = ' with unsupported instruction '

/** The advice for the text of an error `CanisterInvalidWasm`; what has none is blamed on the toolchain that made the module. */
export function moduleAdvice(text: string): Advice {
  const duplicate = /Duplicate function '(.*)' exported /.exec(text)
  if (duplicate !== null) {
    const [, name] = duplicate
    const suggestion = `Try defining different versions of the function for each call type, e.g. \`${name}_update\`, \`${name}_query\`, etc.`
    return { suggestion, anchor: 'wasm-module-duplicate-exports' }
  }
  const known = text.includes(unsupported) ? undefined : byText.find(([piece]) => text.includes(piece))
  return known === undefined ? 'toolchain' : { suggestion: known[1], anchor: known[2] }
}
