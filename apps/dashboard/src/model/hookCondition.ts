/** The heap that a canister without a limit is measured against: 4 GiB, for 64-bit modules too. */
export const heapWithoutLimitBytes = 1n << 32n

/** The two settings that decide when `canister_on_low_wasm_memory` is due. */
export type HookSettings = { readonly wasmMemoryLimitBytes: bigint; readonly wasmMemoryThresholdBytes: bigint }

/** The limit that the condition uses; a limit of 0 is reported for a canister that has none. */
const effectiveLimit = (settings: HookSettings): bigint =>
  settings.wasmMemoryLimitBytes === 0n ? heapWithoutLimitBytes : settings.wasmMemoryLimitBytes

/**
 * Usage above which the hook is due: limit less threshold, and never below 0.
 *
 * @see Interface spec, "On Low Wasm Memory".
 */
export const hookDueAbove = (settings: HookSettings): bigint => {
  const due = effectiveLimit(settings) - settings.wasmMemoryThresholdBytes
  return due > 0n ? due : 0n
}

/** Whether usage has crossed the line. The comparison is strict: usage exactly on the line does not count. */
export const isHookDue = (settings: HookSettings, wasmMemoryBytes: bigint): boolean =>
  effectiveLimit(settings) < wasmMemoryBytes + settings.wasmMemoryThresholdBytes
