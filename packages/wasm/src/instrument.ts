import { CodeWriter } from './binary/codeWriter.ts'
import { FactCollector } from './decode/collectFacts.ts'
import { decodeModule } from './decode/decodeModule.ts'
import { validateTypes } from './decode/validateTypes.ts'
import type { ModuleLayout } from './decode/layout.ts'
import { makeControls } from './emit/controls.ts'
import { BranchHints } from './emit/branchHints.ts'
import { BodyEmitter } from './emit/emitBody.ts'
import { ExportWrappers } from './emit/exportWrappers.ts'
import { makeImportWrappers } from './emit/importWrappers.ts'
import { makeInitData } from './emit/initData.ts'
import { MadeParts } from './emit/madeParts.ts'
import { OutputIndices } from './emit/outputIndices.ts'
import { collectExports } from './emit/outputExports.ts'
import { SavedState } from './emit/savedState.ts'
import { SegmentFunctions } from './emit/segmentFunctions.ts'
import { writeModule } from './emit/writeModule.ts'
import type { Instrumented, InstrumentOptions } from './options.ts'
import { BodyPlan } from './plan/bodyPlan.ts'
import { BodyScanner } from './plan/scanBody.ts'
import { resolveOptions } from './resolvedOptions.ts'
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
  const wide = memory?.limits.address === 'i64'
  const resolved = resolveOptions(options, { present: memory !== undefined, wide })
  const indices = new OutputIndices(layout)
  const made = new MadeParts(indices, layout.types.length)
  const importTypes = makeImportWrappers(layout, resolved, indices, made)
  const segments = new SegmentFunctions(layout, indices, made, resolved)
  const context: RuntimeContext = { indices, options: resolved, hasMemory: memory !== undefined, wide, maximumPages: memory?.limits.maximum }

  const scanner = new BodyScanner(layout, {
    weights: resolved.weights,
    entryCost: resolved.entryCost,
    wideMemory: wide,
    checkLoads: resolved.checkLoads,
    checkStores: resolved.tracked,
  })
  const hints = new BranchHints(resolved.branchHints)
  const emitter = new BodyEmitter(layout, indices, segments, hints, wide)
  const plan = new BodyPlan()
  const facts = new FactCollector(layout.bodies.length)
  const bodies = new CodeWriter(Math.max(1024, layout.codeSectionSize * 2))
  layout.bodies.forEach((body, index) => {
    const functionIndex = layout.importedFunctions + index
    scanner.scan(body, layout.functionTypes[functionIndex] ?? 0, plan)
    facts.add(plan, body.end - body.start)
    emitter.emit(body, functionIndex, plan, bodies)
  })
  validateTypes(bytes)

  const state = new SavedState(layout, resolved, indices, made, segments)
  const controls = makeControls(context, made, state)
  const initData = makeInitData(layout, context, made)
  if (initData !== undefined) controls.set('init_data', initData)
  const exportWrappers = new ExportWrappers(layout, indices, made)
  if (layout.start !== undefined) controls.set('start', exportWrappers.of(layout.start))
  const stateFlags = resolved.dropsLastForMessage ? [] : segments.allFlags()
  const exported = collectExports({ layout, indices, made, exportWrappers, controls, stateFlags })
  return {
    bytes: writeModule({
      layout,
      options: resolved,
      indices,
      made,
      bodies,
      runtime: makeRuntimeFunctions(context),
      importTypes,
      exported,
      referenced: scanner.referenced,
      hints,
    }),
    facts: {
      ...facts.finish(layout, scanner.used),
      loadsChecked: resolved.checkLoads,
      usesRollbackMemories: resolved.tracked,
      stateGlobals: stateFlags.map((flag) => `${exportPrefix}dropped:${flag}`),
    },
  }
}

function refuseReservedNames(layout: ModuleLayout): void {
  const reserved = layout.exports.find((entry) => entry.name.startsWith(exportPrefix))
  if (reserved) throw new WasmError(`export name ${reserved.name} is reserved`, 0)
}
