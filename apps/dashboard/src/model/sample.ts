/** One entry of a hook canister's own record: a heartbeat, or `canister_on_low_wasm_memory`. */
export type Executed = 'heartbeat' | 'low_wasm_memory'

/** The settings that the page shows. Sizes in bytes, spans in seconds, amounts in cycles. */
export type SampleSettings = {
  /** Principals in text form. */
  readonly controllers: readonly string[]
  readonly memoryAllocationBytes: bigint
  readonly freezingThresholdSeconds: bigint
  readonly reservedCyclesLimit: bigint
  /** 0 when there is no limit. */
  readonly wasmMemoryLimitBytes: bigint
  readonly wasmMemoryThresholdBytes: bigint
  readonly computeAllocationPercent: bigint
}

/** What the monitor saw of one canister at one poll. */
export type Sample = {
  /** Nanoseconds since 1970, by the network's clock. */
  readonly atNanos: bigint
  readonly status: 'running' | 'stopping' | 'stopped'
  readonly balanceCycles: bigint
  readonly reservedCycles: bigint
  readonly idleCyclesBurnedPerDay: bigint
  /** All memory that is charged for. */
  readonly memoryBytes: bigint
  /** The Wasm heap, which limit and threshold are about. */
  readonly wasmMemoryBytes: bigint
  /** Lower-case hex; absent while no code is installed. */
  readonly moduleHash?: string
  readonly settings: SampleSettings
  /** Absent for a canister that keeps no such record. */
  readonly executed?: readonly Executed[]
}

/** A canister of the fleet as of the latest poll. */
export type Watched = {
  /** Principal in text form. */
  readonly canisterId: string
  readonly latest?: Sample
  /** Why the latest poll of it failed; absent when it succeeded. */
  readonly error?: string
}

/** Whether the network may still be claimed by whoever asks first. */
export type ClaimState = { readonly kind: 'disabled' | 'open' } | { readonly kind: 'claimed'; readonly by: string }

/** Everything the monitor watches. */
export type Fleet = {
  readonly polledAtNanos: bigint
  readonly intervalSeconds: number
  readonly claim: ClaimState
  readonly canisters: readonly Watched[]
}
