import type { managementTypes } from '@tidemark/bindings'

/** Settings that name no field. */
export const noSettings: managementTypes.CanisterSettings = {
  controllers: [],
  compute_allocation: [],
  memory_allocation: [],
  freezing_threshold: [],
  reserved_cycles_limit: [],
  minimum_incoming_canister_call_cycles: [],
  log_visibility: [],
  log_memory_limit: [],
  snapshot_visibility: [],
  status_visibility: [],
  wasm_memory_limit: [],
  wasm_memory_threshold: [],
  environment_variables: [],
}
