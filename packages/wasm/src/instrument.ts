import { CodeWriter } from './binary/codeWriter.ts'
import { FactCollector } from './decode/collectFacts.ts'
import { decodeModule } from './decode/decodeModule.ts'
import { validateTypes } from './decode/validateTypes.ts'
import type { ModuleLayout } from './decode/layout.ts'
import { makeControls } from './emit/controls.ts'
import { BranchHints } from './emit/branchHints.ts'
import { BodyEmitter } from './emit/emitBody.ts'
import { CountedTypes } from './emit/countedTypes.ts'
import { budgetBeside } from './emit/frameSize.ts'
import { ExportWrappers } from './emit/exportWrappers.ts'
import { makeCountedImports, makeImportWrappers } from './emit/importWrappers.ts'
import { makeInitData } from './emit/initData.ts'
import { MadeParts } from './emit/madeParts.ts'
import { OutputIndices } from './emit/outputIndices.ts'
import { collectExports } from './emit/outputExports.ts'
import { SavedState } from './emit/savedState.ts'
import { SavedTables } from './emit/savedTables.ts'
import { SegmentFunctions } from './emit/segmentFunctions.ts'
import { TableFunctions } from './emit/tableFunctions.ts'
import { writeModule } from './emit/writeModule.ts'
import type { Instrumented, InstrumentOptions } from './options.ts'
import { BodyPlan } from './plan/bodyPlan.ts'
import { BodyScanner } from './plan/scanBody.ts'
import { resolveOptions, type ResolvedOptions } from './resolvedOptions.ts'
import { makeRuntimeFunctions } from './runtime/runtimeFunctions.ts'
import type { RuntimeContext } from './runtime/runtimeContext.ts'
import { WasmError } from './wasmError.ts'
import { exportPrefix } from './hostInterface.ts'

/**
 * Rewrites a module so that a host can meter it, bound its stack and roll it back. Bytes in, bytes and facts out; pure.
 *
 * The output does by itself what the input does, on the same imports plus those of `HostFunctions` and the memories; it
 * exports `InstrumentedControls`. Nothing runs at instantiation but the initialisation of globals and tables.
 *
 * @throws WasmError on anything malformed, invalid or unsupported; RangeError for weights of opcodes that do not exist.
 */
export function instrument(bytes: Uint8Array, options: InstrumentOptions = {}): Instrumented {
  const layout = decodeModule(bytes)
  refuseReservedNames(layout)
  const [memory] = layout.memories
  const resolved = resolveOptions(options, { present: memory !== undefined, wide: memory?.limits.address === 'i64' })
  const first = new Rewriting(layout, resolved, new Set())
  if (!resolved.rollback || first.scanner.use.grownTables.size === 0) return first.finish()
  // Which tables grow is known only after all bodies: their sizes and bounds are rewritten everywhere, in a second run.
  return new Rewriting(layout, resolved, first.scanner.use.grownTables).finish()
}

/** One run over a module: bodies first, because what they use decides what else is made. */
class Rewriting {
  readonly #layout: ModuleLayout
  readonly #options: ResolvedOptions
  readonly #context: RuntimeContext
  readonly #made: MadeParts
  readonly #counted: CountedTypes
  readonly #importTypes: ReadonlyMap<number, number>
  readonly #segments: SegmentFunctions
  readonly #tables: TableFunctions
  readonly #hints: BranchHints
  readonly #facts: FactCollector
  readonly #bodies: CodeWriter
  readonly #emitter: BodyEmitter
  readonly scanner: BodyScanner

  constructor(layout: ModuleLayout, options: ResolvedOptions, grownTables: ReadonlySet<number>) {
    const [memory] = layout.memories
    const wide = memory?.limits.address === 'i64'
    const indices = new OutputIndices(layout)
    this.#layout = layout
    this.#options = options
    this.#context = { indices, options, hasMemory: memory !== undefined, wide, maximumPages: memory?.limits.maximum }
    this.#made = new MadeParts(indices, layout.types.length)
    this.#importTypes = makeImportWrappers(layout, options, indices, this.#made)
    this.#counted = new CountedTypes(layout, this.#made)
    makeCountedImports(layout, this.#counted, indices, this.#made)
    this.#segments = new SegmentFunctions(layout, indices, this.#made, options)
    this.#tables = new TableFunctions(layout, indices, this.#made, this.#segments, options, grownTables)
    this.#hints = new BranchHints(options.branchHints)
    this.#facts = new FactCollector(layout.bodies.length)
    this.#bodies = new CodeWriter(Math.max(1024, layout.codeSectionSize * 2))
    this.scanner = new BodyScanner(layout, {
      weights: options.weights,
      entryCost: options.entryCost,
      wideMemory: wide,
      checkLoads: options.checkLoads,
      checkStores: options.tracked,
    })
    this.#emitter = new BodyEmitter({
      layout,
      indices,
      segments: this.#segments,
      tables: this.#tables,
      hints: this.#hints,
      counted: this.#counted,
      wide,
      charged: options.readCharge + options.writeCharge !== 0,
    })
    const plan = new BodyPlan()
    layout.bodies.forEach((body, index) => {
      const functionIndex = layout.importedFunctions + index
      this.scanner.scan(body, layout.functionTypes[functionIndex] ?? 0, plan)
      this.#facts.add(plan, body.end - body.start)
      this.#emitter.emit(body, functionIndex, plan, this.#bodies)
    })
  }

  finish(): Instrumented {
    const layout = this.#layout
    const options = { ...this.#options, stackBudget: budgetBeside(this.#emitter.largestFrame, this.#options.stackBudget) }
    const made = this.#made
    const { indices } = this.#context
    validateTypes(layout)
    const mutated = options.rollback ? this.scanner.use.mutatedTables : new Set<number>()
    const savedTables = new SavedTables(mutated, layout.tables.length, this.#tables, indices, made)
    const state = new SavedState(layout, options, indices, made, this.#segments, savedTables)
    const controls = makeControls({ ...this.#context, options }, made, state)
    const initData = makeInitData(layout, this.#context, made)
    if (initData !== undefined) controls.set('init_data', initData)
    const exportWrappers = new ExportWrappers(layout, indices, made, this.#counted)
    if (layout.start !== undefined) controls.set('start', exportWrappers.of(layout.start))
    const stateFlags = options.dropsLastForMessage ? [] : this.#segments.droppedFlags()
    const exported = collectExports({ layout, indices, made, exportWrappers, controls, stateFlags })
    const runtime = makeRuntimeFunctions(this.#context)
    const { shareOfSmall } = this.#emitter
    for (const { body } of [...runtime, ...made.functions]) shareOfSmall.count(body.length)
    shareOfSmall.fill(made)
    const output = writeModule({
      layout,
      options,
      indices,
      made,
      counted: this.#counted,
      bodies: this.#bodies,
      runtime,
      importTypes: this.#importTypes,
      exported,
      referenced: this.scanner.use.referenced,
      hints: this.#hints,
      shadowTables: savedTables.entries(),
    })
    return {
      bytes: output,
      facts: {
        ...this.#facts.finish(layout, this.scanner.use.opcodes),
        loadsChecked: options.checkLoads,
        usesRollbackMemories: options.tracked,
        stateGlobals: stateFlags.map((flag) => `${exportPrefix}dropped:${flag}`),
      },
    }
  }
}

function refuseReservedNames(layout: ModuleLayout): void {
  const reserved = layout.exports.find((entry) => entry.name.startsWith(exportPrefix))
  if (reserved) throw new WasmError(`export name ${reserved.name} is reserved`, 0)
}
