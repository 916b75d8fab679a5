import type { CodeWriter } from '../binary/codeWriter.ts'
import type { ModuleLayout } from '../decode/layout.ts'
import { hasRoom } from '../decode/moduleLimits.ts'
import { typeByte } from '../decode/valueTypes.ts'
import type { MadeParts } from './madeParts.ts'

const voidBlock = 0x40

/**
 * The types under which functions are written: with two more parameters, the instructions and the bytes of stack left, and one
 * more result, the instructions left. Values travel in registers, and an engine that copies a function into its caller sees
 * through them.
 *
 * A function that has all the parameters or results that engines allow keeps its type, and both travel in their globals.
 */
export class CountedTypes {
  readonly #layout: ModuleLayout
  readonly #made: MadeParts
  readonly #types: number[] = []

  constructor(layout: ModuleLayout, made: MadeParts) {
    this.#layout = layout
    this.#made = made
  }

  /** Whether functions of a type are handed the counter and the stack left, and give the counter back. */
  isCounted(type: number): boolean {
    return hasRoom(this.params(type).length, this.#results(type).length)
  }

  /** Output type of functions that have a type of the input. */
  of(type: number): number {
    if (!this.isCounted(type)) return type
    return (this.#types[type] ??= this.#made.type([...this.params(type), 'i64', 'i64'], [...this.#results(type), 'i64']))
  }

  /** Type of a block that leaves what functions of a type do. */
  writeBlockType(type: number, out: CodeWriter): void {
    const results = this.#results(type)
    const [only] = results
    if (only === undefined) out.op(voidBlock)
    else if (results.length === 1) out.op(typeByte[only])
    else out.signed(this.#made.type([], results))
  }

  /** The parameters that a type has of itself. */
  params(type: number) {
    return this.#layout.types[type]?.params ?? []
  }

  #results(type: number) {
    return this.#layout.types[type]?.results ?? []
  }
}
