/** Limits on modules: one table. @see Interface specification, "Canister module format"; `reference` of resource limits. */
export const moduleLimits = {
  moduleBytes: 104_857_600,
  codeSectionBytes: 12_582_912,
  functions: 50_000,
  globals: 1_000,
  /** Bytes of a function's name in the name section. */
  functionNameBytes: 1_048_576,
  functionInstructions: 1_000_000,
  functionComplexity: 1_000_000,
  exportedMethods: 1_000,
  exportedMethodNameBytes: 20_000,
  customSections: 16,
  customSectionBytes: 1_048_576,
  /** Tables of an instance, and the elements that one starts with. */
  tables: 1,
  tableElements: 1_000_000,
  /** 64 KiB pages of a heap with 64-bit addresses: 6 GiB. */
  heapPages64: 98_304,
} as const
