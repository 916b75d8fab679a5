import type { ModuleLayout } from '../decode/layout.ts'
import type { CountedTypes } from './countedTypes.ts'
import type { MadeParts } from './madeParts.ts'
import type { OutputIndices } from './outputIndices.ts'

/**
 * Makes the functions behind exports: they hand the real one what the globals say, put the counter where the host finds it,
 * and give back the stack that the host's entry took.
 *
 * Callers store the depth they reached before each call of the host and never restore it; the place where the host enters is
 * the one that has to.
 */
export class ExportWrappers {
  readonly #layout: ModuleLayout
  readonly #indices: OutputIndices
  readonly #made: MadeParts
  readonly #counted: CountedTypes
  readonly #wrappers = new Map<number, number>()

  constructor(layout: ModuleLayout, indices: OutputIndices, made: MadeParts, counted: CountedTypes) {
    this.#layout = layout
    this.#indices = indices
    this.#made = made
    this.#counted = counted
  }

  /** Output index to export for one of the module's functions. */
  of(functionIndex: number): number {
    if (functionIndex < this.#layout.importedFunctions) return this.#indices.function(functionIndex)
    const known = this.#wrappers.get(functionIndex)
    if (known !== undefined) return known
    const typeIndex = this.#layout.functionTypes[functionIndex] ?? 0
    const type = this.#layout.types[typeIndex]
    const params = type?.params ?? []
    const saved = params.length
    const index = this.#made.function({ params, results: type?.results ?? [] }, [[1, 'i64']], (out) => {
      out.getGlobal(this.#indices.depth).set(saved)
      params.forEach((_, param) => out.get(param))
      const counted = this.#counted.isCounted(typeIndex)
      if (counted) out.getGlobal(this.#indices.counter).get(saved)
      out.call(this.#indices.function(functionIndex))
      if (counted) out.setGlobal(this.#indices.counter)
      out.get(saved).setGlobal(this.#indices.depth)
    })
    this.#wrappers.set(functionIndex, index)
    return index
  }
}
