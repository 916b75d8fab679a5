/** Arguments and results of the management canister in Candid. */
import { IDL } from '@dfinity/candid'
import { Principal as CandidPrincipal } from '@dfinity/principal'
import { management } from '@tidemark/bindings'
import type { Principal } from '@tidemark/types'

const service = management.idlFactory({ IDL })
const functions = new Map(service._fields)

/** Encodes the argument of a management method. */
export function encodeManagement(method: string, ...args: unknown[]): Uint8Array {
  return new Uint8Array(IDL.encode(functionOf(method).argTypes, args))
}

/** Decodes what a management method answered. */
export function decodeManagement(method: string, bytes: Uint8Array): unknown {
  return IDL.decode(functionOf(method).retTypes, bytes)[0]
}

/** A principal as Candid values hold it. */
export function candid(principal: Principal): CandidPrincipal {
  return CandidPrincipal.fromUint8Array(principal.bytes)
}

function functionOf(method: string): IDL.FuncClass {
  const found = functions.get(method)
  if (found === undefined) throw new Error(`the management canister has no method ${method}`)
  return found
}

/** Settings as `update_settings` and `create_canister` take them; absent ones stay as they are. */
export interface SettingsChange {
  readonly controllers?: readonly Principal[]
  readonly compute_allocation?: bigint
  readonly memory_allocation?: bigint
  readonly freezing_threshold?: bigint
  readonly reserved_cycles_limit?: bigint
  readonly minimum_incoming_canister_call_cycles?: bigint
  readonly wasm_memory_limit?: bigint
  readonly wasm_memory_threshold?: bigint
  readonly log_memory_limit?: bigint
  readonly log_visibility?: unknown
  readonly environment_variables?: readonly { readonly name: string; readonly value: string }[]
}

/** The Candid record of settings. */
export function settingsRecord(settings: SettingsChange): Record<string, unknown> {
  const { controllers, ...rest } = settings
  const record: Record<string, unknown> = { controllers: controllers === undefined ? [] : [controllers.map(candid)] }
  for (const name of settingNames) record[name] = rest[name] === undefined ? [] : [rest[name]]
  for (const name of ['snapshot_visibility', 'status_visibility']) record[name] = []
  return record
}

const settingNames = [
  'compute_allocation',
  'memory_allocation',
  'freezing_threshold',
  'reserved_cycles_limit',
  'minimum_incoming_canister_call_cycles',
  'wasm_memory_limit',
  'wasm_memory_threshold',
  'log_memory_limit',
  'log_visibility',
  'environment_variables',
] as const
