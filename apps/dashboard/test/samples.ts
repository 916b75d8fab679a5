import type { Executed, Sample } from '../src/model/sample.ts'

/** A record of so many heartbeats, with the hook after them when asked for. */
export const orderOf = (heartbeats: number, hook = false): readonly Executed[] => [
  ...Array.from({ length: heartbeats }, (): Executed => 'heartbeat'),
  ...(hook ? (['low_wasm_memory'] as const) : []),
]

/** A sample of a canister with the Motoko example's settings. */
export const sampleOf = (change: Partial<Sample> = {}): Sample => ({
  atNanos: 1_000_000_000n,
  status: 'running',
  balanceCycles: 3_000_000_000_000n,
  reservedCycles: 0n,
  idleCyclesBurnedPerDay: 0n,
  memoryBytes: 6_000_000n,
  wasmMemoryBytes: 5_373_952n,
  settings: {
    controllers: ['aaaaa-aa'],
    memoryAllocationBytes: 0n,
    freezingThresholdSeconds: 2_592_000n,
    reservedCyclesLimit: 5_000_000_000_000n,
    wasmMemoryLimitBytes: 8n << 20n,
    wasmMemoryThresholdBytes: 2n << 20n,
    computeAllocationPercent: 0n,
  },
  ...change,
})
