/** What helps against a module that was refused: a sentence, and a place in the documentation of execution errors. */

/** By a piece of the error's text. What is not here is for the makers of compilers. */
const byText: readonly (readonly [piece: string, suggestion: string, anchor: string])[] = [
  ['Duplicate function ', 'Give each method a name of its own.', 'wasm-module-duplicate-exports'],
  ['The number of exported functions ', 'Merge several methods into one.', 'wasm-module-exports-too-many-methods'],
  ['The sum of `<name>` lengths ', 'Shorten the names of methods.', 'wasm-module-sum-of-exported-name-lengths-too-large'],
  [' functions which exceeds ', 'Split the canister into several.', 'wasm-module-too-many-functions'],
  [' globals which exceeds ', 'Keep several globals together on the heap.', 'wasm-module-too-many-globals'],
  [' which exceeds the maximum complexity ', 'Break large functions into smaller ones.', 'wasm-module-function-complexity-too-high'],
  ['Wasm module contains a function at index ', 'Break large functions into smaller ones.', 'wasm-module-function-too-large'],
  ['Wasm module code section size ', 'Shrink the code, or split the canister into several.', 'wasm-module-code-section-too-large'],
  ['Wasm module size ', 'Shrink the module, or split the canister into several.', 'wasm-module-too-large'],
]
const unsupported = ' with unsupported instruction '
const toolchain =
  'If this is a local network, see that it is up to date. Else report the error to the makers of the compiler or canister development kit that built the canister.'

/** The advice for the text of an error `CanisterInvalidWasm`; without an anchor there is nothing to read about it. */
export function moduleAdvice(text: string): { readonly suggestion: string; readonly anchor?: string } {
  const known = text.includes(unsupported) ? undefined : byText.find(([piece]) => text.includes(piece))
  return known === undefined ? { suggestion: toolchain } : { suggestion: known[1], anchor: known[2] }
}
