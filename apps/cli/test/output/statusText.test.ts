import { Principal } from '@dfinity/principal'
import type { managementTypes } from '@tidemark/bindings'
import { expect, test } from 'vitest'
import { statusLines } from '../../src/output/statusText.ts'

const status: managementTypes.CanisterStatusResult = {
  status: { running: null },
  ready_for_migration: false,
  version: 3n,
  module_hash: [Uint8Array.of(0x0c, 0x10, 0xff)],
  memory_size: 2_374_914n,
  cycles: 2_996_231_412_893n,
  reserved_cycles: 0n,
  idle_cycles_burned_per_day: 24_269_759n,
  settings: {
    controllers: [Principal.fromText('uqzsh-gqaaa-aaaaq-qaada-cai'), Principal.fromText('2vxsx-fae')],
    compute_allocation: 0n,
    memory_allocation: 0n,
    freezing_threshold: 2_592_000n,
    reserved_cycles_limit: 5_000_000_000_000n,
    wasm_memory_limit: 5_000_000n,
    wasm_memory_threshold: 2_000_000n,
    log_memory_limit: 4096n,
    minimum_incoming_canister_call_cycles: 0n,
    log_visibility: { controllers: null },
    snapshot_visibility: { controllers: null },
    status_visibility: { controllers: null },
    environment_variables: [],
  },
  memory_metrics: {
    wasm_memory_size: 0n,
    stable_memory_size: 0n,
    global_memory_size: 0n,
    wasm_binary_size: 0n,
    custom_sections_size: 0n,
    canister_history_size: 0n,
    wasm_chunk_store_size: 0n,
    snapshots_size: 0n,
    log_memory_store_size: 0n,
  },
  query_stats: {
    num_calls_total: 12n,
    num_instructions_total: 1_234n,
    request_payload_bytes_total: 70n,
    response_payload_bytes_total: 1_000n,
  },
}

test('the status has the published layout, line for line', () => {
  expect(statusLines('low_wasm_memory_hook', status)).toEqual([
    'Canister status call result for low_wasm_memory_hook.',
    'Status: Running',
    'Controllers: 2vxsx-fae uqzsh-gqaaa-aaaaq-qaada-cai',
    'Memory allocation: 0 Bytes',
    'Compute allocation: 0 %',
    'Freezing threshold: 2_592_000 Seconds',
    'Idle cycles burned per day: 24_269_759 Cycles',
    'Memory Size: 2_374_914 Bytes',
    'Balance: 2_996_231_412_893 Cycles',
    'Reserved: 0 Cycles',
    'Reserved cycles limit: 5_000_000_000_000 Cycles',
    'Wasm memory limit: 5_000_000 Bytes',
    'Wasm memory threshold: 2_000_000 Bytes',
    'Module hash: 0x0c10ff',
    'Number of queries: 12',
    'Instructions spent in queries: 1_234',
    'Total query request payload size: 70 Bytes',
    'Total query response payload size: 1_000 Bytes',
    'Log visibility: controllers',
  ])
})

test('an empty, stopped canister with chosen log viewers', () => {
  const lines = statusLines('x', {
    ...status,
    status: { stopped: null },
    module_hash: [],
    settings: { ...status.settings, log_visibility: { allowed_viewers: [Principal.anonymous()] } },
  })
  expect([lines[1], lines[13], lines[18]]).toEqual(['Status: Stopped', 'Module hash: None', 'Log visibility: allowed viewers: 2vxsx-fae'])
})
