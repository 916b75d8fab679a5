import type { MadeParts } from './madeParts.ts'

/** Bodies with fewer bytes are small in V8's eyes. */
const smallBelow = 50

/**
 * How many of a module's functions are small, kept at half of them or more.
 *
 * V8 takes a module of few small functions for one whose compiler has inlined what is worth it, and allows itself a tenth of
 * the inlining. Metering makes almost every function larger than that; functions that do nothing, of four bytes each, bring
 * the share back.
 */
export class ShareOfSmall {
  #small = 0
  #all = 0

  /** Counts a body of that many bytes. */
  count(bytes: number): void {
    this.#all++
    if (bytes < smallBelow) this.#small++
  }

  /** Adds what is missing. */
  fill(made: MadeParts): void {
    for (let missing = this.#all - 2 * this.#small; missing > 0; missing--) made.function({ params: [], results: [] }, [], () => undefined)
  }
}
