import { FactCollector, moduleFacts } from './decode/collectFacts.ts'
import { decodeModule } from './decode/decodeModule.ts'
import type { ModuleLayout } from './decode/layout.ts'
import { validateTypes } from './decode/validateTypes.ts'
import type { BodyFacts, ModuleFacts } from './facts.ts'
import { resolveWeights } from './opcodes/weights.ts'
import { BodyPlan } from './plan/bodyPlan.ts'
import { BodyScanner, type ScanSettings } from './plan/scanBody.ts'

/**
 * Reads what a module says about itself. The input is validated in full.
 *
 * @param bodies - what an earlier reading of the same bytes found in the bodies: they are neither read nor validated again
 * @throws WasmError on anything malformed, invalid or unsupported.
 */
export function readModule(bytes: Uint8Array, bodies?: BodyFacts): ModuleFacts {
  const layout = decodeModule(bytes)
  if (bodies !== undefined) return moduleFacts(layout, bodies)
  const scanner = new BodyScanner(layout, readingSettings(layout))
  const plan = new BodyPlan()
  const facts = new FactCollector(layout.bodies.length)
  layout.bodies.forEach((body, index) => {
    scanner.scan(body, layout.functionTypes[layout.importedFunctions + index] ?? 0, plan)
    facts.add(plan, body.end - body.start)
  })
  validateTypes(layout)
  return facts.finish(layout, scanner.use.opcodes)
}

/** Settings of a scan that nothing is written after. */
export function readingSettings(layout: ModuleLayout): ScanSettings {
  const wideMemory = layout.memories[0]?.limits.address === 'i64'
  return { weights: resolveWeights({}, wideMemory), entryCost: 1, wideMemory, checkLoads: false, checkStores: false }
}
