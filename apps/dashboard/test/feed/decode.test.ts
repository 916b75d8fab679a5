import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import { monitorTypes } from '@tidemark/bindings'
import { expect, test } from 'vitest'
import { decodeFleet } from '../../src/feed/decode.ts'

const canister = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai')

const fleet: monitorTypes.Fleet = {
  polled_at_nanos: 5n,
  polls: 1n,
  interval_seconds: 5,
  history_limit: 600,
  claim: { ClaimedBy: canister },
  canisters: [
    { canister, latest: [], error: [{ at_nanos: 4n, message: 'Canister is stopped' }] },
    {
      canister,
      error: [],
      latest: [
        {
          at_nanos: 5n,
          status: { stopping: null },
          cycles: 3n,
          reserved_cycles: 2n,
          idle_cycles_burned_per_day: 1n,
          memory_size: 9n,
          memory_metrics: {
            wasm_memory_size: 7n,
            stable_memory_size: 0n,
            global_memory_size: 0n,
            wasm_binary_size: 0n,
            custom_sections_size: 0n,
            canister_history_size: 0n,
            wasm_chunk_store_size: 0n,
            snapshots_size: 0n,
            log_memory_store_size: [],
          },
          settings: {
            controllers: [canister],
            compute_allocation: 10n,
            memory_allocation: 11n,
            freezing_threshold: 12n,
            reserved_cycles_limit: 13n,
            wasm_memory_limit: 14n,
            wasm_memory_threshold: 15n,
            log_visibility: { controllers: null },
            snapshot_visibility: [],
            status_visibility: [],
            log_memory_limit: [],
            minimum_incoming_canister_call_cycles: [],
            environment_variables: [],
          },
          module_hash: [Uint8Array.of(0, 255)],
          executed_functions_order: [[{ Heartbeat: null }, { OnLowWasmMemory: null }]],
        },
      ],
    },
  ],
}

test('a fleet that crossed the wire comes out in the words of the page', () => {
  const [type] = monitorTypes.idlFactory({ IDL })._fields.flatMap(([name, func]) => (name === 'fleet' ? func.retTypes : []))
  if (type === undefined) throw new Error('The monitor offers no fleet')
  const [decoded] = IDL.decode([type], IDL.encode([type], [fleet]))
  expect(decodeFleet(decoded as unknown as monitorTypes.Fleet)).toEqual({
    polledAtNanos: 5n,
    intervalSeconds: 5,
    claim: { kind: 'claimed', by: canister.toText() },
    canisters: [
      { canisterId: canister.toText(), error: 'Canister is stopped' },
      {
        canisterId: canister.toText(),
        latest: {
          atNanos: 5n,
          status: 'stopping',
          balanceCycles: 3n,
          reservedCycles: 2n,
          idleCyclesBurnedPerDay: 1n,
          memoryBytes: 9n,
          wasmMemoryBytes: 7n,
          moduleHash: '00ff',
          executed: ['heartbeat', 'low_wasm_memory'],
          settings: {
            controllers: [canister.toText()],
            memoryAllocationBytes: 11n,
            freezingThresholdSeconds: 12n,
            reservedCyclesLimit: 13n,
            wasmMemoryLimitBytes: 14n,
            wasmMemoryThresholdBytes: 15n,
            computeAllocationPercent: 10n,
          },
        },
      },
    ],
  })
})
