/**
 * The system interface as its specification lists it: signature of every function, and the contexts that may use it.
 *
 * Written from the published table, so that tests compare the implementation with something that is not itself.
 *
 * @see Interface specification, "Overview of imports".
 */

/** `I` is i32, or i64 where the memory is 64-bit. */
export type WasmType = 'I' | 'i32' | 'i64'

export interface SystemFunction {
  readonly params: readonly WasmType[]
  readonly result: WasmType | undefined
  /** Letters of the contexts; `*` is all of them but `s`. */
  readonly contexts: string
  /** Only with a 32-bit memory. */
  readonly only32: boolean
}

const all = '*'
const anywhere = '* s'
const argument = 'I U RQ NRQ TQ CQ Ry CRy F'
const information = 'U RQ NRQ CQ Ry Rt CRy CRt C CC F'
const answering = 'U RQ NRQ TQ CQ Ry Rt CRy CRt'
const calling = 'U CQ Ry Rt CRy CRt T'
const paying = 'U Ry Rt T'
const receiving = 'U RQ Ry Rt'

const f = (signature: string, contexts: string, only32 = false): SystemFunction => {
  const [params = '', result = ''] = signature.split('->').map((part) => part.trim())
  return {
    params: params === '' ? [] : (params.split(' ') as WasmType[]),
    result: result === '' ? undefined : (result as WasmType),
    contexts,
    only32,
  }
}

const blob = (name: string, contexts: string) => ({
  [`${name}_size`]: f('-> I', contexts),
  [`${name}_copy`]: f('I I I ->', contexts),
})

/** All functions that a module may import from `ic0`, by name. */
export const systemFunctions: Readonly<Record<string, SystemFunction>> = {
  ...blob('msg_arg_data', argument),
  ...blob('msg_caller', all),
  ...blob('msg_caller_info_data', information),
  ...blob('msg_caller_info_signer', information),
  msg_reject_code: f('-> i32', 'Ry Rt CRy CRt C'),
  ...blob('msg_reject_msg', 'Rt CRt'),
  msg_deadline: f('-> i64', 'U RQ NRQ CQ Ry Rt CRy CRt'),
  msg_reply_data_append: f('I I ->', answering),
  msg_reply: f('->', answering),
  msg_reject: f('I I ->', answering),
  msg_cycles_available: f('-> i64', receiving, true),
  msg_cycles_available128: f('I ->', receiving),
  msg_cycles_refunded: f('-> i64', 'Ry Rt', true),
  msg_cycles_refunded128: f('I ->', 'Ry Rt'),
  msg_cycles_accept: f('i64 -> i64', receiving, true),
  msg_cycles_accept128: f('i64 i64 I ->', receiving),
  cycles_burn128: f('i64 i64 I ->', 'I G U RQ Ry Rt C T'),
  ...blob('canister_self', all),
  ...blob('subnet_self', all),
  subnet_self_node_count: f('-> i32', all),
  canister_cycle_balance: f('-> i64', all, true),
  canister_cycle_balance128: f('I ->', all),
  canister_liquid_cycle_balance128: f('I ->', all),
  canister_status: f('-> i32', all),
  canister_version: f('-> i64', all),
  ...blob('msg_method_name', 'F'),
  accept_message: f('->', 'F'),
  call_new: f('I I I I I I I I ->', calling),
  call_on_cleanup: f('I I ->', calling),
  call_data_append: f('I I ->', calling),
  call_with_best_effort_response: f('i32 ->', calling),
  call_cycles_add: f('i64 ->', paying, true),
  call_cycles_add128: f('i64 i64 ->', paying),
  call_perform: f('-> i32', calling),
  stable_size: f('-> i32', anywhere, true),
  stable_grow: f('i32 -> i32', anywhere, true),
  stable_write: f('i32 i32 i32 ->', anywhere, true),
  stable_read: f('i32 i32 i32 ->', anywhere, true),
  stable64_size: f('-> i64', anywhere),
  stable64_grow: f('i64 -> i64', anywhere),
  stable64_write: f('i64 i64 i64 ->', anywhere),
  stable64_read: f('i64 i64 i64 ->', anywhere),
  ...blob('root_key', 'I G U RQ Ry Rt C T'),
  certified_data_set: f('I I ->', 'I G U Ry Rt T'),
  data_certificate_present: f('-> i32', all),
  ...blob('data_certificate', 'NRQ CQ'),
  time: f('-> i64', all),
  global_timer_set: f('i64 -> i64', 'I G U Ry Rt C T'),
  performance_counter: f('i32 -> i64', anywhere),
  is_controller: f('I I -> i32', anywhere),
  in_replicated_execution: f('-> i32', anywhere),
  cost_call: f('i64 i64 I ->', anywhere),
  cost_create_canister: f('I ->', anywhere),
  cost_http_request: f('i64 i64 I ->', anywhere),
  cost_http_request_v2: f('I I I ->', anywhere),
  cost_sign_with_ecdsa: f('I I i32 I -> i32', anywhere),
  cost_sign_with_schnorr: f('I I i32 I -> i32', anywhere),
  cost_vetkd_derive_key: f('I I i32 I -> i32', anywhere),
  env_var_count: f('-> I', all),
  env_var_name_size: f('I -> I', all),
  env_var_name_copy: f('I I I I ->', all),
  env_var_name_exists: f('I I -> i32', all),
  env_var_value_size: f('I I -> I', all),
  env_var_value_copy: f('I I I I I ->', all),
  debug_print: f('I I ->', anywhere),
  trap: f('I I ->', anywhere),
}

/** Width of a canister's memory. */
export type WasmMode = 'wasm32' | 'wasm64'

/** Functions that a module of this width may import, in a fixed order. */
export function functionsFor(mode: WasmMode): [name: string, fn: SystemFunction][] {
  return Object.entries(systemFunctions).filter(([, fn]) => mode === 'wasm32' || !fn.only32)
}
