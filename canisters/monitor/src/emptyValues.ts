import type { monitorTypes } from '@tidemark/bindings'

/** A decoded `canister_status` reply. */
export type Status = Omit<monitorTypes.Sample, 'at_nanos' | 'executed_functions_order'>

/** A status of nothing: the codecs learn the form of their messages from it. */
export const emptyStatus: Status = {
  status: { stopped: null },
  cycles: 0n,
  reserved_cycles: 0n,
  idle_cycles_burned_per_day: 0n,
  memory_size: 0n,
  memory_metrics: {
    wasm_memory_size: 0n,
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
    controllers: [],
    compute_allocation: 0n,
    memory_allocation: 0n,
    freezing_threshold: 0n,
    reserved_cycles_limit: 0n,
    wasm_memory_limit: 0n,
    wasm_memory_threshold: 0n,
    log_visibility: { controllers: null },
    snapshot_visibility: [],
    status_visibility: [],
    log_memory_limit: [],
    minimum_incoming_canister_call_cycles: [],
    environment_variables: [],
  },
  module_hash: [],
}

/** A sample of nothing, to the same end. */
export const emptySample: monitorTypes.Sample = { ...emptyStatus, at_nanos: 0n, executed_functions_order: [] }
