import type { CodeWriter } from '../binary/codeWriter.ts'
import type { ModuleLayout } from '../decode/layout.ts'
import type { MadeParts } from './madeParts.ts'
import type { OutputIndices } from './outputIndices.ts'
import type { ResolvedOptions } from '../resolvedOptions.ts'
import type { SavedTables } from './savedTables.ts'
import type { SegmentFunctions } from './segmentFunctions.ts'

/** What `begin` remembers beside memory: mutable globals, the logical size, tables, flags of dropped segments. */
export class SavedState {
  readonly #indices: OutputIndices
  readonly #options: ResolvedOptions
  readonly #segments: SegmentFunctions
  readonly #tables: SavedTables
  /** Pairs of a global and its shadow. */
  readonly #pairs: (readonly [number, number])[] = []

  constructor(
    layout: ModuleLayout,
    options: ResolvedOptions,
    indices: OutputIndices,
    made: MadeParts,
    segments: SegmentFunctions,
    tables: SavedTables,
  ) {
    this.#indices = indices
    this.#options = options
    this.#segments = segments
    this.#tables = tables
    if (!options.rollback) return
    layout.globals.forEach((global, index) => {
      if (global.mutable) this.#pairs.push([index, made.global(global.type)])
    })
    if (options.dropsLastForMessage) return
    for (const flag of segments.droppedFlags()) this.#pairs.push([flag, made.global('i32')])
  }

  save(out: CodeWriter): void {
    for (const [global, shadow] of this.#pairs) out.getGlobal(global).setGlobal(shadow)
    out.getGlobal(this.#indices.pages).setGlobal(this.#indices.savedPages)
    out.getGlobal(this.#indices.freshFrom).setGlobal(this.#indices.savedFreshFrom)
    this.#tables.save(out)
  }

  restore(out: CodeWriter): void {
    for (const [global, shadow] of this.#pairs) out.getGlobal(shadow).setGlobal(global)
    out.getGlobal(this.#indices.savedPages).setGlobal(this.#indices.pages)
    out.getGlobal(this.#indices.savedFreshFrom).setGlobal(this.#indices.freshFrom)
    this.#tables.restore(out)
  }

  /** Brings dropped segments back where dropping lasts for a message only. */
  resetDrops(out: CodeWriter): void {
    if (!this.#options.dropsLastForMessage) return
    for (const flag of this.#segments.droppedFlags()) out.i32(0).setGlobal(flag)
  }
}
