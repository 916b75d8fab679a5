import type { BodyFacts, ExportFact, FunctionFacts, ImportFact, ModuleFacts } from '../facts.ts'
import { opcodes } from '../opcodes/opcodeTable.ts'
import type { BodyPlan } from '../plan/bodyPlan.ts'
import type { ModuleLayout } from './layout.ts'

/** Opcodes that metering adds per checked block, per bare block and per bulk operation. */
const checkedOpcodes = 10
const bareOpcodes = 4
const bulkOpcodes = 1

/** Gathers the per-function numbers while bodies are scanned. */
export class FactCollector {
  readonly #functions: FunctionFacts
  #next = 0
  #instructions = 0
  #metering = 0

  constructor(functionCount: number) {
    const numbers = (): Uint32Array => new Uint32Array(functionCount)
    this.#functions = { instructions: numbers(), complexity: numbers(), size: numbers() }
  }

  add(plan: BodyPlan, size: number): void {
    const index = this.#next++
    this.#functions.instructions[index] = plan.instructions
    this.#functions.complexity[index] = plan.complexity
    this.#functions.size[index] = size
    this.#instructions += plan.instructions
    this.#metering += plan.checkedBlocks * checkedOpcodes + plan.bareBlocks * bareOpcodes + plan.bulkOperations * bulkOpcodes
  }

  finish(layout: ModuleLayout, used: Uint8Array): ModuleFacts {
    return moduleFacts(layout, {
      functions: this.#functions,
      instructionCount: this.#instructions,
      meteringInstructionCount: this.#metering,
      usedOpcodes: opcodes
        .filter((opcode) => used[opcode.code] === 1)
        .map((opcode) => opcode.name)
        .toSorted(),
    })
  }
}

/** All facts: those of the sections, and those of the bodies as given. */
export function moduleFacts(layout: ModuleLayout, bodies: BodyFacts): ModuleFacts {
  const [memory] = layout.memories
  const exportedGlobals = new Set(layout.exports.filter((entry) => entry.kind === 'global').map((entry) => entry.index))
  return {
    ...bodies,
    size: layout.bytes.length,
    imports: layout.imports.map((entry) => importFact(layout, entry)),
    exports: layout.exports.map((entry) => exportFact(layout, entry)),
    ...(memory && {
      memory: {
        address: memory.limits.address,
        initialPages: memory.limits.minimum,
        ...(memory.limits.maximum !== undefined && { maximumPages: memory.limits.maximum }),
        imported: memory.imported,
      },
    }),
    tables: layout.tables.map(({ element, limits, imported }) => ({
      element,
      address: limits.address,
      initial: limits.minimum,
      ...(limits.maximum !== undefined && { maximum: limits.maximum }),
      imported,
    })),
    functionCount: layout.bodies.length,
    globals: layout.globals.map(({ type, mutable, imported }, index) => ({
      type,
      mutable,
      imported,
      exported: exportedGlobals.has(index),
    })),
    dataSegments: layout.data.map(({ offset, payload, constantOffset }) => ({
      active: offset !== undefined,
      constantOffset,
      size: payload.end - payload.start,
    })),
    customSections: layout.customSections,
    extendedConstants: layout.extendedConstants,
    hasStart: layout.start !== undefined,
  }
}

function typeOf(layout: ModuleLayout, functionIndex: number): { type?: { params: ImportParams; results: ImportParams } } {
  const type = layout.types[layout.functionTypes[functionIndex] ?? -1]
  return type ? { type: { params: type.params, results: type.results } } : {}
}

type ImportParams = NonNullable<ImportFact['type']>['params']

function importFact(layout: ModuleLayout, { module, name, kind, typeIndex }: ModuleLayout['imports'][number]): ImportFact {
  const type = kind === 'function' ? layout.types[typeIndex] : undefined
  return { module, name, kind, ...(type && { type: { params: type.params, results: type.results } }) }
}

function exportFact(layout: ModuleLayout, { name, kind, index }: ModuleLayout['exports'][number]): ExportFact {
  return { name, kind, index, ...(kind === 'function' ? typeOf(layout, index) : {}) }
}
