/**
 * The system calls of `ic0`: types and charges, the one table.
 *
 * Types: `I` is as wide as the module's memory (i32 without one), `w` is i32, `d` is i64.
 * Charges: a fixed number of instructions, and instructions per byte of the parameters listed. What depends on the state
 * of the log (`debug_print`, `trap`) is charged by the call itself on top.
 *
 * @see Interface specification, "Overview of imports"; costs reference, "System API".
 */
import type { ImportAdapter, ValueType } from '@tidemark/wasm'

type Letter = 'I' | 'w' | 'd'

/** One system call. */
export interface SystemApiEntry {
  readonly params: readonly Letter[]
  readonly result: Letter | undefined
  /** Importing it into a module with a 64-bit memory is an error. */
  readonly only32: boolean
  readonly fixed: number
  readonly perByte: number
  /** Indices of the parameters that hold a byte length. */
  readonly sizes: readonly number[]
}

interface Charge {
  readonly only32?: true
  readonly fixed?: number
  readonly perByte?: number
  readonly sizes?: readonly number[]
}

/** `type` reads like `III` or `II:w`: parameters, then the result. */
function entry(type: string, { only32, fixed = 500, perByte, sizes = [] }: Charge = {}): SystemApiEntry {
  const [params = '', result] = type.split(':')
  return {
    params: [...params] as Letter[],
    result: result as Letter | undefined,
    only32: only32 === true,
    fixed,
    perByte: perByte ?? (sizes.length > 0 ? 1 : 0),
    sizes,
  }
}

/** A pair that hands out a blob. */
function blob(name: string): Record<string, SystemApiEntry> {
  return { [`${name}_size`]: entry(':I'), [`${name}_copy`]: entry('III', { sizes: [2] }) }
}

/** Every function that a module may import from `ic0`. */
export const systemApiTable: Readonly<Record<string, SystemApiEntry>> = {
  ...blob('msg_arg_data'),
  ...blob('msg_caller'),
  ...blob('msg_caller_info_data'),
  ...blob('msg_caller_info_signer'),
  ...blob('msg_reject_msg'),
  ...blob('msg_method_name'),
  ...blob('canister_self'),
  ...blob('subnet_self'),
  subnet_self_node_count: entry(':w'),
  ...blob('root_key'),
  ...blob('data_certificate'),
  msg_reject_code: entry(':w'),
  msg_deadline: entry(':d'),
  msg_reply: entry(''),
  msg_reply_data_append: entry('II', { perByte: 50, sizes: [1] }),
  msg_reject: entry('II', { perByte: 50, sizes: [1] }),
  msg_cycles_available: entry(':d', { only32: true }),
  msg_cycles_available128: entry('I'),
  msg_cycles_refunded: entry(':d', { only32: true }),
  msg_cycles_refunded128: entry('I'),
  msg_cycles_accept: entry('d:d', { only32: true }),
  msg_cycles_accept128: entry('ddI'),
  cycles_burn128: entry('ddI'),
  mint_cycles128: entry('ddI', { fixed: 0 }),
  canister_cycle_balance: entry(':d', { only32: true }),
  canister_cycle_balance128: entry('I'),
  canister_liquid_cycle_balance128: entry('I'),
  canister_status: entry(':w'),
  canister_version: entry(':d'),
  accept_message: entry(''),
  call_new: entry('IIIIIIII', { fixed: 1500, sizes: [1, 3] }),
  call_on_cleanup: entry('II'),
  call_data_append: entry('II', { perByte: 50, sizes: [1] }),
  call_with_best_effort_response: entry('w'),
  call_cycles_add: entry('d', { only32: true }),
  call_cycles_add128: entry('dd'),
  call_perform: entry(':w', { fixed: 5000 }),
  stable_size: entry(':w', { only32: true, fixed: 0 }),
  stable_grow: entry('w:w', { only32: true, fixed: 100 }),
  stable_write: entry('www', { only32: true, fixed: 20, sizes: [2] }),
  stable_read: entry('www', { only32: true, fixed: 20, sizes: [2] }),
  stable64_size: entry(':d', { fixed: 0 }),
  stable64_grow: entry('d:d', { fixed: 100 }),
  stable64_write: entry('ddd', { fixed: 20, sizes: [2] }),
  stable64_read: entry('ddd', { fixed: 20, sizes: [2] }),
  certified_data_set: entry('II', { sizes: [1] }),
  data_certificate_present: entry(':w'),
  time: entry(':d'),
  global_timer_set: entry('d:d'),
  performance_counter: entry('w:d', { fixed: 200 }),
  is_controller: entry('II:w', { fixed: 1000, sizes: [1] }),
  in_replicated_execution: entry(':w'),
  cost_call: entry('ddI'),
  cost_create_canister: entry('I'),
  cost_http_request: entry('ddI'),
  cost_http_request_v2: entry('III', { fixed: 10_000 }),
  cost_sign_with_ecdsa: entry('IIwI:w', { sizes: [1] }),
  cost_sign_with_schnorr: entry('IIwI:w', { sizes: [1] }),
  cost_vetkd_derive_key: entry('IIwI:w', { sizes: [1] }),
  env_var_count: entry(':I'),
  env_var_name_size: entry('I:I'),
  env_var_name_copy: entry('IIII', { sizes: [3] }),
  env_var_name_exists: entry('II:w'),
  env_var_value_size: entry('II:I'),
  env_var_value_copy: entry('IIIII', { sizes: [4] }),
  debug_print: entry('II', { fixed: 100 }),
  trap: entry('II'),
}

/** Module of the functions that are no part of the protocol: a network without experimental hooks refuses code that imports it. */
export const experimentalModule = 'lifecycle_hooks'

/** Every function that a module may import from `lifecycle_hooks` where experimental hooks are on. */
export const experimentalApiTable: Readonly<Record<string, SystemApiEntry>> = {
  canister_output_queue_size: entry(':d'),
}

/** WebAssembly type of a system call in a module whose memory has the given width. */
export function systemCallType(call: SystemApiEntry, address: 'i32' | 'i64'): { params: ValueType[]; results: ValueType[] } {
  const type = (letter: Letter): ValueType => (letter === 'I' ? address : letter === 'w' ? 'i32' : 'i64')
  return { params: call.params.map(type), results: call.result === undefined ? [] : [type(call.result)] }
}

/** How each system call is charged and how its values travel: pointers, sizes and 32-bit integers as plain numbers. */
export function systemImportAdapters(): Record<string, ImportAdapter> {
  return { ...adaptersOf('ic0', systemApiTable), ...adaptersOf(experimentalModule, experimentalApiTable) }
}

function adaptersOf(module: string, table: Readonly<Record<string, SystemApiEntry>>): Record<string, ImportAdapter> {
  return Object.fromEntries(Object.entries(table).map(([name, call]) => [`${module}.${name}`, adapter(call)]))
}

function adapter({ params, result, fixed, perByte, sizes }: SystemApiEntry): ImportAdapter {
  return {
    fixedCost: fixed,
    perByteCost: perByte,
    sizeParam: sizes,
    hostParams: params.map((letter) => (letter === 'd' ? 'same' : 'f64')),
    hostResult: result === 'I' ? 'f64' : 'same',
  }
}
