/** Limits of the management canister. @see Interface specification, "The IC management canister"; resource limits. */
export const managementLimits = {
  controllers: 10,
  allowedViewers: 10,
  environmentVariables: 20,
  environmentVariableNameBytes: 128,
  environmentVariableValueBytes: 128,
  /** Bytes of heap that the two settings about it can name. */
  wasmMemorySettingBytes: 1n << 48n,
  logMemoryMinBytes: 4_096n,
  logMemoryMaxBytes: 2_097_152n,
  /** What `create_canister` sets when it is given no limit of the heap. */
  defaultWasmMemoryLimitBytes: 3_221_225_472n,
  /** Percent of all cores that can be promised; one percent always stays free. */
  computeCapacityPercent: 300n,
  chunkBytes: 1_048_576,
  chunksPerStore: 100,
  snapshotsPerCanister: 10,
  snapshotSliceBytes: 2_000_000n,
  moduleBytes: 104_857_600n,
  heapBytes32: 4_294_967_296n,
  heapBytes64: 6_442_450_944n,
  globals: 1_000,
  stopTimeoutNanos: 300_000_000_000n,
  randomBytes: 32,
  logReplyBytes: 2_000_000,
} as const

/** Largest amount of cycles there can be. */
export const maxCycles: bigint = (1n << 128n) - 1n
export const maxNat64: bigint = (1n << 64n) - 1n
