import type { CodeWriter } from '../binary/codeWriter.ts'
import type { ModuleLayout } from '../decode/layout.ts'
import { mostResults } from '../decode/moduleLimits.ts'
import { typeByte } from '../decode/valueTypes.ts'
import type { MadeParts } from './madeParts.ts'

const voidBlock = 0x40

/**
 * The types under which functions are written: with one more result, the instructions left.
 *
 * A function that has all the results that engines allow keeps its type, and leaves the counter in its global.
 */
export class CountedTypes {
  readonly #layout: ModuleLayout
  readonly #made: MadeParts
  readonly #types: number[] = []

  constructor(layout: ModuleLayout, made: MadeParts) {
    this.#layout = layout
    this.#made = made
  }

  /** Whether functions of a type give the counter back. */
  isCounted(type: number): boolean {
    return this.#results(type).length < mostResults
  }

  /** Output type of functions that have a type of the input. */
  of(type: number): number {
    if (!this.isCounted(type)) return type
    return (this.#types[type] ??= this.#made.type(this.#layout.types[type]?.params ?? [], [...this.#results(type), 'i64']))
  }

  /** Type of a block that leaves what functions of a type do. */
  writeBlockType(type: number, out: CodeWriter): void {
    const results = this.#results(type)
    const [only] = results
    if (only === undefined) out.op(voidBlock)
    else if (results.length === 1) out.op(typeByte[only])
    else out.signed(this.#made.type([], results))
  }

  #results(type: number) {
    return this.#layout.types[type]?.results ?? []
  }
}
