import type { TraceEntry } from '../src/index.ts'

/** A heartbeat that grew its memory by one Wasm page. */
export const heartbeat: TraceEntry = {
  round: 7n,
  timeNanos: 1_750_000_000_000_000_000n,
  canisterId: 'bkyz2-fmaaa-aaaaa-qaaaq-cai',
  kind: 'heartbeat',
  instructions: 12_345n,
  cyclesCharged: 5_012_345n,
  heapPagesDirtied: 3,
  memoryBefore: 1_458_176n,
  memoryAfter: 1_523_712n,
  outcome: 'returned',
  logs: [],
}
