/** Canister settings that a project or a command line asks for; what is absent stays as it is. */
import type { managementTypes } from '@tidemark/bindings'
import { Principal } from '@dfinity/principal'
import type { Fields } from './fields.ts'
import { parseBytes, parseCycles, parsePercent, parseSeconds } from './quantities.ts'

export interface WantedSettings {
  readonly controllers?: readonly Principal[]
  readonly computeAllocationPercent?: bigint
  readonly memoryAllocationBytes?: bigint
  readonly freezingThresholdSeconds?: bigint
  readonly reservedCyclesLimit?: bigint
  readonly wasmMemoryLimitBytes?: bigint
  readonly wasmMemoryThresholdBytes?: bigint
  readonly logVisibility?: managementTypes.Visibility
  readonly environmentVariables?: readonly managementTypes.EnvironmentVariable[]
}

/** Reads `initialization_values` of a canister in dfx.json. @throws CliError naming the field that is wrong */
export function readInitializationValues(fields: Fields): WantedSettings {
  return withoutAbsent({
    computeAllocationPercent: fields.parsed('compute_allocation', parsePercent),
    memoryAllocationBytes: fields.parsed('memory_allocation', parseBytes),
    freezingThresholdSeconds: fields.parsed('freezing_threshold', parseSeconds),
    reservedCyclesLimit: fields.parsed('reserved_cycles_limit', parseCycles),
    wasmMemoryLimitBytes: fields.parsed('wasm_memory_limit', parseBytes),
    wasmMemoryThresholdBytes: fields.parsed('wasm_memory_threshold', parseBytes),
    logVisibility: fields.parsed('log_visibility', parseVisibility),
  })
}

/** The record that the management canister takes. */
export function toCanisterSettings(wanted: WantedSettings): managementTypes.CanisterSettings {
  return {
    controllers: optional(wanted.controllers && [...wanted.controllers]),
    compute_allocation: optional(wanted.computeAllocationPercent),
    memory_allocation: optional(wanted.memoryAllocationBytes),
    freezing_threshold: optional(wanted.freezingThresholdSeconds),
    reserved_cycles_limit: optional(wanted.reservedCyclesLimit),
    wasm_memory_limit: optional(wanted.wasmMemoryLimitBytes),
    wasm_memory_threshold: optional(wanted.wasmMemoryThresholdBytes),
    log_visibility: optional(wanted.logVisibility),
    environment_variables: optional(wanted.environmentVariables && [...wanted.environmentVariables]),
    log_memory_limit: [],
    minimum_incoming_canister_call_cycles: [],
    snapshot_visibility: [],
    status_visibility: [],
  }
}

/** `controllers`, `public`, or an object with a list of allowed viewers. @throws Error otherwise */
export function parseVisibility(value: unknown): managementTypes.Visibility {
  if (value === 'controllers') return { controllers: null }
  if (value === 'public') return { public: null }
  if (typeof value === 'object' && value !== null && 'allowed_viewers' in value && Array.isArray(value.allowed_viewers)) {
    return { allowed_viewers: value.allowed_viewers.map((text) => Principal.fromText(String(text))) }
  }
  throw new Error('"controllers", "public" or { "allowed_viewers": [principals] }')
}

/** The same settings without the fields that are undefined. */
export function withoutAbsent(settings: { [Key in keyof WantedSettings]: WantedSettings[Key] | undefined }): WantedSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}

function optional<T>(value: T | undefined): [] | [T] {
  return value === undefined ? [] : [value]
}
