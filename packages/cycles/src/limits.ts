/** Limits and defaults that enter a bill. Sizes in bytes, spans in seconds, budgets in instructions. */

/** 2^30 bytes, the unit that storage is priced in. */
export const gib = 1_073_741_824n

/** 24 hours; a freezing threshold counts in days of this length. */
export const secondsPerDay = 86_400n

/** Budgets that are paid for in advance; see `prepaidExecution`. */
export const instructionLimits = {
  update: 40_000_000_000n,
  query: 5_000_000_000n,
  installCode: 300_000_000_000n,
  inspectMessage: 200_000_000n,
  slice: 2_000_000_000n,
  systemSubnetMessage: 50_000_000_000n,
  systemSubnetInstallCode: 1_000_000_000_000n,
} as const

/** Response size that every call pays for in advance, whatever the request may carry. */
export const maxResponsePayloadBytes = 2_097_152n

/** Response size of an HTTPS outcall that names none. */
export const defaultHttpResponseBytes = 2_000_000n

/** Largest reply of `fetch_canister_logs`; a call must attach the fee for it. */
export const maxFetchLogsResponseBytes = 2_000_000n

/** Subnet memory of the public network. */
export const subnetMemory = {
  /** Above this usage, growth reserves cycles. */
  thresholdBytes: 750n * gib,
  capacityBytes: 2_048n * gib,
  /** Kept free for response callbacks. */
  heldBackBytes: 10n * gib,
  schedulerCores: 4n,
} as const

/** What a full subnet makes newly taken memory reserve: this many seconds of storage. */
export const maxReservationSeconds = 300_000_000n

/** Storage and compute are charged when at least this long has passed since the last charge. */
export const chargeIntervalSeconds = 10n

/** 30 days. */
export const defaultFreezingThresholdSeconds = 2_592_000n

/** 5 T cycles: how much a canister may reserve for storage unless its settings say otherwise. */
export const defaultReservedCyclesLimit = 5_000_000_000_000n

/** `update_settings` with an argument up to this size is inducted free and charged afterwards. */
export const freeSettingsArgumentBytes = 366n

/** What a chunk in the chunk store counts as, however short it is. */
export const wasmChunkBytes = 1_048_576n
