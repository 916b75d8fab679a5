import type { ImportAdapter, InstrumentOptions } from './options.ts'
import { resolveWeights } from './opcodes/weights.ts'

/** Options with every default filled in, for one module. */
export interface ResolvedOptions {
  readonly weights: Uint32Array
  readonly entryCost: number
  /** Memory accesses go through the dirty map at all. */
  readonly tracked: boolean
  readonly checkLoads: boolean
  readonly readCharge: number
  readonly writeCharge: number
  readonly rollback: boolean
  readonly imports: Readonly<Record<string, ImportAdapter>>
  readonly operationLimit: number | undefined
  readonly stackBudget: number
  readonly dropsLastForMessage: boolean
  readonly branchHints: boolean
}

const defaultStackBudget = 360_000
const defaultPageCharges = { kind: 'touch-64k', read: 80_000, write: 80_000, chargeWrites: true } as const

export function resolveOptions(options: InstrumentOptions, memory: { readonly wide: boolean; readonly present: boolean }): ResolvedOptions {
  const charges = options.pageCharges ?? defaultPageCharges
  const touch = typeof charges === 'object' ? charges : undefined
  const rollback = options.rollback ?? true
  return {
    weights: resolveWeights(options, memory.wide),
    entryCost: options.functionEntryCost ?? 1,
    tracked: memory.present && (rollback || charges !== 'none'),
    checkLoads: memory.present && touch !== undefined,
    readCharge: touch?.read ?? 0,
    writeCharge: touch?.chargeWrites === true ? touch.write : 0,
    rollback,
    imports: options.imports ?? {},
    operationLimit: options.operationLimit,
    stackBudget: options.stackBudget ?? defaultStackBudget,
    branchHints: options.branchHints ?? false,
    dropsLastForMessage: options.segmentDrops === 'message',
  }
}
