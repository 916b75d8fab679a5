/**
 * How much a module may have of everything: what engines agree on. Held while sections are read, so that a file of a hundred
 * megabytes that is nothing but counts does not become gigabytes of objects.
 */
export const entryLimits: Readonly<Record<number, readonly [name: string, most: number]>> = {
  1: ['types', 1_000_000],
  2: ['imports', 1_000_000],
  3: ['functions', 1_000_000],
  4: ['tables', 100],
  5: ['memories', 100],
  6: ['globals', 1_000_000],
  7: ['exports', 1_000_000],
  9: ['element segments', 100_000],
  10: ['functions', 1_000_000],
  11: ['data segments', 100_000],
}

/** Parameters and results of a function type. */
export const mostParameters = 1000
export const mostResults = 1000
/**
 * Whether functions of a type have room for what instrumentation hands on: the instructions and the stack left to those that are
 * called, the instructions left to their callers.
 */
export function hasRoom(parameters: number, results: number): boolean {
  return parameters + 2 <= mostParameters && results < mostResults
}

/** Bytes of a function body. */
export const largestBody = 7_654_321
/** Custom sections are not limited by engines; more than these are no module's. */
export const mostCustomSections = 1_000_000
/** Parameters and locals of a function. */
export const mostLocals = 50_000
/** 64 KiB pages that engines allow a 64-bit memory today. */
export const largestMemory64 = 262_144
